using System.Collections;
using System.Management.Automation.Language;

namespace Chuizi.Video.Module.Tests.Completion;

/// <summary>Whatever is on the line, completing it neither throws nor sends anything.</summary>
public sealed class AnyLineTests : IDisposable
{
    private static readonly string[] s_pieces =
    [
        "New-ChuiziVideo",
        "Wait-ChuiziVideo",
        "Save-ChuiziVideo",
        "Get-ChuiziVideo",
        "Get-ChuiziVideoModel",
        "Export-ChuiziVideoGallery",
        "alias-of-it",
        "-Model",
        "-Duration",
        "-AspectRatio",
        "-Resolution",
        "-Image",
        "-image_url",
        "-ReferenceImage",
        "-SourceVideo",
        "-Id",
        "-Ledger",
        "-Destination",
        "-Path",
        "-Name",
        "-Provider",
        "-Type",
        "-Nonsense",
        "-",
        "--",
        "--%",
        "-Model:",
        "'",
        "\"",
        "`",
        "$",
        "$null",
        "$x",
        "$env:PATH",
        "@splat",
        "@none",
        "@",
        "@(",
        ")",
        "(",
        "{",
        "}",
        "{ $_ }",
        "@{",
        "@{ a = 1 }",
        ",",
        ";",
        "|",
        "&",
        "&&",
        "#",
        "<#",
        ">",
        "2>&1",
        "[",
        "[int]",
        "*",
        "?",
        "~",
        "~/",
        "/",
        "./",
        "..",
        "..\\",
        "C:",
        "Env:",
        "16:9",
        "veo",
        "720",
        "1e999",
        "\u2019",
        "\u201C",
        "\u0000",
        "\u001b",
        "\n",
        "\ud83d",
        "\ufffd",
        "x.jsonl",
        "a b",
        "vid-1",
        "$(",
        "$(throw 1)",
        "(Get-Item x)",
        "(throw 2)",
        "New-ChuiziVideo {",
        "function f {",
    ];

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void No_line_throws_or_sends_and_at_most_the_word_is_replaced()
    {
        _shell
            .Run(
                "$global:splat = @{ Model = { throw }; Image = $null; 7 = 8; Duration = @(1, @{}) }; ${alias:alias-of-it} = 'Wait-ChuiziVideo'"
            )
            .ShouldBeClean();
        File.WriteAllText(Path.Combine(_shell.Folder, "x.jsonl"), "{\"step\":");
        Random random = new(5);
        for (int round = 0; round < 200; round++)
        {
            string[] pieces = [s_pieces[random.Next(7)], .. random.GetItems(s_pieces, random.Next(1, 6))];
            string line = string.Concat(pieces.Select(piece => piece + (random.Next(4) == 0 ? "" : " ")));
            int cursor = random.Next(3) == 0 ? random.Next(line.Length + 1) : line.Length;

            Outcome outcome = _shell.TryComplete(line, cursor);
            if (outcome.Errors is [{ Exception: MethodInvocationException { InnerException: { } inner } }])
            {
                // The engine's own completers throw for a few such lines: for a null character in a path, and for a member of nothing.
                inner.StackTrace!.ShouldNotContain("Chuizi.Video.Module.Completion", customMessage: line);
                continue;
            }

            CommandCompletion completion = (CommandCompletion)outcome.ShouldBeClean().Output.Single().BaseObject;
            (completion.ReplacementIndex + completion.ReplacementLength).ShouldBeLessThanOrEqualTo(line.Length, line);
        }

        _shell.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("VideoInputCompleter", "Model")]
    [InlineData("CatalogueCompleter", "Name")]
    [InlineData("VideoIdCompleter", "Id")]
    [InlineData("LedgerPathCompleter", "Ledger")]
    [InlineData("FolderCompleter", "Destination")]
    [InlineData("ImagePathCompleter", "Image")]
    [InlineData("PagePathCompleter", "Path")]
    public void A_completer_that_is_called_with_anything_gives_a_list(string completer, string parameter)
    {
        // The engine passes over what a completer throws; called by itself, it would show.
        IArgumentCompleter made = (IArgumentCompleter)
            _shell.Run($"[Chuizi.Video.Module.Completion.{completer}]::new()").ShouldBeClean().Output.Single().BaseObject;
        CommandAst command = (CommandAst)Parser.ParseInput("x -Model { } @splat", out _, out _).Find(node => node is CommandAst, true);
        Hashtable odd = new()
        {
            ["Ledger"] = new object(),
            ["Model"] = Array.Empty<object>(),
            ["Image"] = ScriptBlock.Create("throw"),
            [3] = null,
            ["Provider"] = new object?[] { null, "[", 5 },
        };
        foreach (string? word in (string?[])[null, "", "'", "\"", "x", "\0", "[", "/", "\u2018"])
        {
            foreach (IDictionary? bound in (IDictionary?[])[null, odd])
            {
                foreach (string? name in (string?[])[parameter, "Other", null])
                {
                    made.CompleteArgument(null!, name!, word!, null!, bound!).ShouldBeEmpty();
                    _shell
                        .Run(
                            "param($completer, $name, $word, $command, $bound) $null = $completer.CompleteArgument($null, $name, $word, "
                                + "$command, $bound)",
                            ("completer", made),
                            ("name", name),
                            ("word", word),
                            ("command", command),
                            ("bound", bound))
                        .ShouldBeClean();
                }
            }
        }
    }

    [Fact]
    public void A_command_that_cannot_be_told_is_completed_all_the_same() =>
        _shell
            .Run(
                """
                $ast = [System.Management.Automation.Language.Parser]::ParseInput('New-ChuiziVideo -Model ', [ref]$null, [ref]$null).Find({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)
                [Chuizi.Video.Module.Completion.VideoInputCompleter]::new().CompleteArgument('New-ChuiziVideo', 'Model', '', $ast, $null)
                """)
            .ShouldBeClean()
            .Output.Count.ShouldBe(12);
}
