namespace Chuizi.Video.Module.Tests.Completion;

/// <summary>Completion of -Ledger, -Destination, -Image, -ReferenceImage, and -Path of Export-ChuiziVideoGallery.</summary>
public sealed class PathCompletionTests : IDisposable
{
    private static readonly string[] s_oddEverywhere =
    [
        "a b",
        "a[1]",
        "[ab",
        "a]b",
        "a'b",
        "it\u2019s",
        "\u201Cq\u201D",
        "a`b",
        "$x",
        "${y}",
        "a$b`$c",
        "(x)",
        "{x}",
        "a,b",
        "a&b",
        "#x",
        "@x",
        "-x",
        "\u2013x",
        "--%",
        "%",
        "1kb",
        "0x1F",
        "007",
        "~x",
        "a=b",
        "x.",
        "\u00E4\u4E2D",
    ];
    private static readonly string[] s_oddOnUnix = ["a\"b", "a:b", "a*b", "a?b", "a|b", "<x>", " a", "a;b", "a\nb", "~", "2>x"];

    private readonly Shell _shell = new();

    public void Dispose()
    {
        _shell.Requests.ShouldBeEmpty();
        _shell.Dispose();
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("New-ChuiziVideo x -Ledger ", "one.jsonl two.jsonl out runs")]
    [InlineData("Get-ChuiziVideo -Ledger ", "one.jsonl two.jsonl out runs")]
    [InlineData("Export-ChuiziVideoGallery p -Ledger ", "one.jsonl two.jsonl out runs")]
    [InlineData("Get-ChuiziVideo -Ledger T", "two.jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger r", "runs")]
    [InlineData("Get-ChuiziVideo -Ledger l", "list.csv")]
    [InlineData("Get-ChuiziVideo -Ledger ./o", "./one.jsonl ./out")]
    [InlineData("Get-ChuiziVideo -Ledger runs/", "runs/old.jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger 'runs/o", "'runs/old.jsonl'")]
    [InlineData("Get-ChuiziVideo -Ledger *o.j", "two.jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger .", ".hidden.jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger none/", "")]
    [InlineData("Get-ChuiziVideo -Ledger one.jsonl/", "")]
    [InlineData("Get-ChuiziVideo -Ledger nodrive:/x", "")]
    [InlineData("Get-ChuiziVideo -Ledger Env:/", "")]
    [InlineData("Save-ChuiziVideo ", "out runs")]
    [InlineData("Save-ChuiziVideo -Destination o", "out")]
    [InlineData("Save-ChuiziVideo -Destination l", "")]
    [InlineData("New-ChuiziVideo x -Image ", "a.PNG b.jpeg out runs")]
    [InlineData("New-ChuiziVideo x -image_url a", "a.PNG")]
    [InlineData("New-ChuiziVideo x -Image https://a.example/", "")]
    [InlineData("New-ChuiziVideo x -ReferenceImage a.PNG, b", "b.jpeg")]
    [InlineData("Export-ChuiziVideoGallery ", "page.html out runs")]
    [InlineData("Export-ChuiziVideoGallery -Path p", "page.html")]
    public void Matching_files_are_offered_before_folders(string line, string expected)
    {
        Array.ForEach(["out", "runs"], name => Directory.CreateDirectory(Path.Combine(_shell.Folder, name)));
        Array.ForEach(["one.jsonl", "two.jsonl", ".hidden.jsonl", "a.PNG", "b.jpeg", "page.html", "list.csv", "runs/old.jsonl"], Touch);

        string.Join(' ', _shell.Texts(line)).ShouldBe(expected);
    }

    [Fact]
    public void A_folder_does_not_hide_the_files_if_none_has_the_extension()
    {
        Directory.CreateDirectory(Path.Combine(_shell.Folder, "films"));
        Array.ForEach(["film.ledger", "run.jsonl"], Touch);

        _shell.Texts("Get-ChuiziVideo -Ledger f").ShouldBe(["film.ledger", "films"]);
        _shell.Texts("Get-ChuiziVideo -Ledger ").ShouldBe(["run.jsonl", "films"]);
        _shell.Texts("Save-ChuiziVideo -Destination f").ShouldBe(["films"]);
    }

    [Fact]
    public void Paths_start_at_the_PowerShell_location_a_drive_or_the_home_folder()
    {
        Directory.CreateDirectory(Path.Combine(_shell.Folder, "deep", "er"));
        Touch("deep/one.jsonl");
        _shell
            .Run(
                """
                param($folder)
                $state = $ExecutionContext.SessionState
                $null = $state.Drive.New([System.Management.Automation.PSDriveInfo]::new('Mine', $state.Provider.GetOne('FileSystem'), $folder, '', $null), 'global')
                $null = $state.Path.SetLocation('deep')
                """,
                ("folder", _shell.Folder))
            .ShouldBeClean();

        _shell.Texts("Get-ChuiziVideo -Ledger ").ShouldBe(["one.jsonl", "er"]);
        _shell.Texts("Get-ChuiziVideo -Ledger ../d").ShouldBe(["../deep"]);
        _shell.Texts("Get-ChuiziVideo -Ledger Mine:/deep/o").ShouldBe(["Mine:/deep/one.jsonl"]);
        _shell.Texts("Get-ChuiziVideo -Ledger Mine:").ShouldBe(["Mine:deep"]);
        _shell
            .Complete("Get-ChuiziVideo -Ledger ~/")
            .CompletionMatches.ShouldAllBe(match => match.CompletionText.Trim('\'').StartsWith("~/"));
    }

    [Fact]
    public void Files_and_folders_have_their_result_types_and_full_paths_as_tooltips()
    {
        Directory.CreateDirectory(Path.Combine(_shell.Folder, "out"));
        Touch("one.jsonl");

        CompletionResult[] matches = [.. _shell.Complete("Get-ChuiziVideo -Ledger ").CompletionMatches];
        matches.Select(match => match.ResultType).ShouldBe([CompletionResultType.ProviderItem, CompletionResultType.ProviderContainer]);
        matches.Select(match => Path.GetFileName(match.ToolTip)).ShouldBe(["one.jsonl", "out"]);
        matches.ShouldAllBe(match =>
            Path.IsPathFullyQualified(match.ToolTip) && File.Exists(match.ToolTip) == (match.ListItemText == "one.jsonl"));
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Only_the_first_500_files_of_a_folder_are_offered()
    {
        Array.ForEach([.. Enumerable.Range(1000, 600)], number => Touch($"{number}.jsonl"));

        _shell.Texts("Get-ChuiziVideo -Ledger ").ShouldBe(Enumerable.Range(1000, 500).Select(number => $"{number}.jsonl"));
        _shell.Texts("Get-ChuiziVideo -Ledger 1599").ShouldBe(["1599.jsonl"]);
    }

    [Fact]
    public void A_folder_that_cannot_be_read_offers_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Everything is permitted to this user.");
        if (!OperatingSystem.IsWindows())
        {
            string closed = Directory.CreateDirectory(Path.Combine(_shell.Folder, "closed")).FullName;
            Touch("closed/one.jsonl");
            File.SetUnixFileMode(closed, UnixFileMode.None);
            try
            {
                _shell.Texts("Get-ChuiziVideo -Ledger closed/").ShouldBeEmpty();
            }
            finally
            {
                File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("Get-ChuiziVideo -Ledger ", "Ledger", ".jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger '", "Ledger", ".jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger \"", "Ledger", ".jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger './", "Ledger", ".jsonl")]
    [InlineData("Save-ChuiziVideo -Id vid-1 -Destination ", "Destination", null)]
    [InlineData("New-ChuiziVideo x -Image ", "Image", ".png")]
    [InlineData("Export-ChuiziVideoGallery -Ledger run.jsonl -Path \"", "Path", ".html")]
    public void A_completed_path_is_bound_unchanged_for_any_file_name(string line, string parameter, string? ending)
    {
        string[] names =
        [
            .. (OperatingSystem.IsWindows() ? s_oddEverywhere : s_oddEverywhere.Concat(s_oddOnUnix))
                .Concat(RandomNames())
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        foreach (string name in names)
        {
            Make(name, ending);
        }

        CommandCompletion completion = _shell.Complete(line);
        List<string> reached = [];
        foreach (CompletionResult match in completion.CompletionMatches)
        {
            object value = _shell.Bound(Completions.Paste(line, completion, match), parameter)!;
            string text = value.ShouldBeOfType<string>();
            reached.Add(
                Path.GetFileName(
                    (string)
                        _shell
                            .Run(
                                "param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)",
                                ("path", text))
                            .ShouldBeClean()
                            .Output.Single()
                            .BaseObject));
        }

        // An image path is trimmed and split at semicolons, so such names cannot be bound.
        string[] sayable =
            parameter == "Image"
                ? [.. names.Where(name => name == name.TrimStart() && !name.Contains(';', StringComparison.Ordinal))]
                : names;
        reached.Order(StringComparer.Ordinal).ShouldBe(sayable.Select(name => name + ending).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> RandomNames()
    {
        Random random = new(11);
        string letters = "ab1 '`$[](){},;&#@%~^!+-=\u2018\u2019\u201C\u201E\u2013" + (OperatingSystem.IsWindows() ? "" : "\"*?<>|:\t");
        return Enumerable
            .Range(0, 40)
            .Select(_ => new string(random.GetItems<char>(letters, random.Next(1, 6))))
            .Where(name => name.Trim() == name);
    }

    private void Make(string name, string? ending)
    {
        if (ending is null)
        {
            Directory.CreateDirectory(Path.Combine(_shell.Folder, name));
        }
        else
        {
            Touch(name + ending);
        }
    }

    private void Touch(string name) => File.WriteAllText(Path.Combine(_shell.Folder, name), "");
}
