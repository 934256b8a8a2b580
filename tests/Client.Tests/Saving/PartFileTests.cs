using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class PartFileTests
{
    [Fact]
    public void A_partial_file_never_has_two_owners()
    {
        using TempFolder folder = new();
        string target = folder.Of("video.mp4");
        int owners = 0;
        int most = 0;
        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number =>
        {
            try
            {
                using PartFile part = PartFile.Open(target, "vid-1", overwrite: true);
                most = Math.Max(most, Interlocked.Increment(ref owners));
                Thread.Yield();
                Interlocked.Decrement(ref owners);
                // From here on the file has another name, or none.
                if (number % 2 == 0)
                {
                    part.RenameToTarget();
                }
            }
            catch (ChuiziException exception) when (exception.Kind == ChuiziErrorKind.CannotWrite)
            {
                // Another owner has it.
            }
        });
        most.ShouldBe(1);
    }
}
