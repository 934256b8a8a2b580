using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Files;

public sealed class SharedTextFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_line_of_several_writers_is_lost_while_somebody_reads()
    {
        string path = _folder.Of("run.log");
        File.WriteAllText(path, "");
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            Parallel.For(0, 8, writer =>
            {
                for (int line = 0; line < 200; line++)
                {
                    SharedTextFile.AppendLine(path, $"{writer}: {line}");
                }
            });
        }

        File.ReadAllLines(path).Order().ShouldBe(
            Enumerable.Range(0, 8).SelectMany(writer => Enumerable.Range(0, 200).Select(line => $"{writer}: {line}")).Order());
    }

    [Fact]
    public void A_line_that_was_cut_off_is_ended_before_the_next()
    {
        string path = _folder.Of("run.log");
        File.WriteAllText(path, "first\nsec");
        SharedTextFile.AppendLine(path, "third");
        File.ReadAllText(path).ShouldBe("first\nsec\nthird\n");
    }
}
