using System.Collections;
using System.Management.Automation.Language;

namespace Chuizi.Video.Module.Tests.Completion;

/// <summary>Completing any command line neither throws nor sends a request.</summary>
public sealed class AnyLineTests : IDisposable
{
    private static readonly string[] s_pieces =
    [
        "New-ChuiziVideo",
        "Wait-ChuiziVideo",
        "Save-ChuiziVideo",
        "Get-ChuiziVideo",
        "Set-ChuiziVideo",
        "Get-ChuiziVideoModel",
        "Export-ChuiziVideoGallery",
        "Measure-ChuiziVideo",
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
        "-By",
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

    [Trait("Speed", "Medium")]
    [Fact]
    public void Completing_any_line_neither_throws_nor_sends_and_replaces_only_existing_text()
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
            string[] pieces = [s_pieces[random.Next(8)], .. random.GetItems(s_pieces, random.Next(1, 6))];
            string line = string.Concat(pieces.Select(piece => piece + (random.Next(4) == 0 ? "" : " ")));
            int cursor = random.Next(3) == 0 ? random.Next(line.Length + 1) : line.Length;

            Outcome outcome = _shell.TryComplete(line, cursor);
            if (outcome.Errors is [{ Exception: MethodInvocationException { InnerException: { } inner } }])
            {
                // The engine's own completers throw for a few such lines, for example for a null character in a path.
                inner.StackTrace!.ShouldNotContain("Chuizi.Video.Module.Completion", customMessage: line);
                continue;
            }

            CommandCompletion completion = (CommandCompletion)outcome.ShouldBeClean().Output.Single().BaseObject;
            (completion.ReplacementIndex + completion.ReplacementLength).ShouldBeLessThanOrEqualTo(line.Length, line);
        }

        _shell.Requests.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("RequestValueCompleter", "Model")]
    [InlineData("CatalogueCompleter", "Name")]
    [InlineData("VideoIdCompleter", "Id")]
    [InlineData("LedgerPathCompleter", "Ledger")]
    [InlineData("FolderCompleter", "Destination")]
    [InlineData("ImagePathCompleter", "Image")]
    [InlineData("PagePathCompleter", "Path")]
    [InlineData("SpendingColumnCompleter", "By")]
    public void A_completer_accepts_any_arguments_without_an_exception(string completer, string parameter)
    {
        // The engine ignores exceptions of a completer, so the test calls the completer directly.
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
        string?[] words = [null, "", "'", "\"", "x", "\0", "[", "/", "\u2018"];
        IDictionary?[] bounds = [null, odd];
        string?[] names = [parameter, "Other", null];
        foreach (string? word in words)
        {
            foreach (IDictionary? bound in bounds)
            {
                foreach (string? name in names)
                {
                    made.CompleteArgument(null!, name!, word!, null!, bound!).ShouldBeEmpty();
                }
            }
        }

        _shell
            .Run(
                """
                param($completer, $names, $words, $command, $bounds)
                $call = 0
                foreach ($word in $words) {
                    foreach ($bound in $bounds) {
                        $name = $names[$call++ % $names.Count]
                        try { $null = $completer.CompleteArgument($null, $name, $word, $command, $bound) }
                        catch { "$name '$word' $bound`: $_" }
                    }
                }
                """,
                ("completer", made),
                ("names", names),
                ("words", words),
                ("command", command),
                ("bounds", bounds))
            .ShouldBeClean()
            .Output.ShouldBeEmpty();
    }

    [Fact]
    public void A_command_without_bound_parameters_is_completed() =>
        _shell
            .Run(
                """
                $ast = [System.Management.Automation.Language.Parser]::ParseInput('New-ChuiziVideo -Model ', [ref]$null, [ref]$null).Find({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)
                [Chuizi.Video.Module.Completion.RequestValueCompleter]::new().CompleteArgument('New-ChuiziVideo', 'Model', '', $ast, $null)
                """)
            .ShouldBeClean()
            .Output.Count.ShouldBe(12);
}
