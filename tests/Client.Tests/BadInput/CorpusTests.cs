using Chuizi.Video.Fuzz;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>The inputs that <c>./build.sh fuzz all 30</c> starts with, and those that it has kept.</summary>
public sealed class CorpusTests
{
    /// <summary>The targets.</summary>
    public static TheoryData<string> Names => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_promise_holds_for_every_input_of_the_corpus(string target)
    {
        string[] inputs = Directory.GetFiles(Repository.PathOf("tests", "Fuzz", "Corpus", target));
        inputs.Length.ShouldBeGreaterThan(1);
        foreach (string input in inputs)
        {
            Should.NotThrow(() => FuzzTargets.Find(target)!(File.ReadAllBytes(input)), input);
        }
    }
}
