using System.Text.RegularExpressions;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Structure;

/// <summary>Documents, help, messages and comments contain none of the phrases in tests/phrases.txt.</summary>
public sealed class PhraseTests
{
    /// <summary>Where a phrase may stay, as a file and a part of the line; at most 20.</summary>
    private static readonly (string File, string Text)[] s_exceptions = [];

    private static readonly (Regex Phrase, string Sample)[] s_phrases =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, "tests", "phrases.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(parts =>
                (new Regex(parts[0], RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)), parts[1])),
    ];

    [Fact]
    public void Every_phrase_catches_its_sample()
    {
        s_phrases.Length.ShouldBeGreaterThan(30);
        s_phrases.ShouldAllBe(phrase => phrase.Phrase.IsMatch(phrase.Sample));
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void No_text_has_such_a_phrase()
    {
        s_exceptions.Length.ShouldBeLessThanOrEqualTo(20);
        string[] hits = [.. Files().SelectMany(Hits)];
        hits.ShouldBeEmpty();
    }

    private static IEnumerable<string> Files() =>
        ((string[])["src", "tests", "docs", "tools", "examples", ".github"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => Path.GetExtension(path) is ".cs" or ".md" or ".ps1" or ".psd1" or ".ps1xml" or ".xml" or ".yml" or ".sh" or ".js"
                && !path.Contains("/bin/", StringComparison.Ordinal)
                && !path.Contains("/obj/", StringComparison.Ordinal)
                && !path.EndsWith("/PhraseTests.cs", StringComparison.Ordinal));

    private static IEnumerable<string> Hits(string path) =>
        File.ReadAllLines(Path.Combine(Repository.Root, path))
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(at =>
                !s_exceptions.Any(exception => exception.File == path && at.Line.Contains(exception.Text, StringComparison.Ordinal)))
            .SelectMany(at =>
                s_phrases
                    .Where(phrase => phrase.Phrase.IsMatch(at.Line))
                    .Select(phrase => $"{path}:{at.Number}: '{phrase.Phrase}' in: {at.Line.Trim()}"));
}
