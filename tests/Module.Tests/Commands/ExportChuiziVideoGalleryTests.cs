using System.Collections;
using System.Management.Automation.Language;
using Chuizi.Video.Client.Gallery;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>The gallery as the pipeline writes it. The client's tests cover its content.</summary>
public sealed class ExportChuiziVideoGalleryTests : IDisposable
{
    private const string Kite = "[Chuizi.Video.Video]@{ Id = 'vid-1'; Prompt = 'A red kite'; Status = 'succeeded'; Cost = 0.15 }";

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_pipeline_writes_a_page_that_plays_the_saved_videos()
    {
        Outcome outcome = _shell
            .Run(
                "'A red kite', 'A paper boat' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo videos | Export-ChuiziVideoGallery "
                    + "page -Title 'Two of them'")
            .ShouldBeClean();

        FileInfo file = outcome.Output.Single().BaseObject.ShouldBeOfType<FileInfo>();
        file.FullName.ShouldBe(PathOf("page.html"));
        outcome.Output.Single().Properties["PSPath"].ShouldNotBeNull("as Get-Item gives it, or the table of files has blank columns");
        string page = File.ReadAllText(file.FullName);
        page.ShouldContain("<title>Two of them</title>");
        foreach (string saved in Directory.GetFiles(PathOf("videos")).Select(path => Path.GetFileName(path)))
        {
            page.ShouldContain($"src=\"videos/{saved}#t=0.001\"");
        }
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void It_needs_no_connection_and_sends_no_request()
    {
        _shell.Run("$v = New-ChuiziVideo 'A red kite' -Ledger run.jsonl | Wait-ChuiziVideo; Disconnect-ChuiziVideo").ShouldBeClean();
        int requests = _shell.Requests.Count;
        _shell
            .Run("$v | Export-ChuiziVideoGallery a; Export-ChuiziVideoGallery b -Ledger run.jsonl")
            .ShouldBeClean()
            .Output.Count.ShouldBe(2);
        _shell.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public void Videos_keep_pipeline_order_and_a_repeated_video_appears_once_in_its_latest_state()
    {
        _shell
            .Run(
                """
                1..3 | ForEach-Object { [Chuizi.Video.Video]@{ Id = "vid-$_"; Prompt = "p$_" } } | ForEach-Object { $all = @() } { $all += $_ } { }
                $nameless = [Chuizi.Video.Video]@{ Prompt = 'p4'; Status = 'unknown' }
                $again = [Chuizi.Video.Video]@{ Id = 'vid-2'; Prompt = 'p2'; Status = 'failed'; Error = [Chuizi.Video.VideoError]@{ Message = 'refused later' } }
                $all[0], $all[1], $nameless, $all[2], $nameless, $again, $all[0] | Export-ChuiziVideoGallery page
                """)
            .ShouldBeClean();
        Prompts("page.html").ShouldBe(["p1", "p2", "p4", "p3"]);
        Page("page.html").ShouldContain("refused later");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_ledger_is_shown_in_order_of_submission_with_each_outcome()
    {
        _shell.Run("'p1', 'p2 forbidden', 'p3', 'p4' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo videos");
        _shell
            .Run("Export-ChuiziVideoGallery pages/ -Ledger run.jsonl")
            .ShouldBeClean()
            .Output.Single()
            .ToString()
            .ShouldBe(PathOf("pages", "index.html"));
        Prompts("pages/index.html").ShouldBe(["p1", "p2 forbidden", "p3", "p4"]);
        string page = Page("pages/index.html");
        page.ShouldContain("<title>run</title>");
        page.ShouldContain("src=\"../videos/");
        page.ShouldContain("Content policy violation");
    }

    [Fact]
    public void The_page_shows_the_columns_of_the_row_including_script_properties()
    {
        _shell.Run("""
            $row = [pscustomobject]@{ Prompt = 'A red kite'; Campaign = 'spring <2026>' }
            $row.PSObject.Properties.Add([psscriptproperty]::new('Computed', { 40 + 2 }))
            $row | New-ChuiziVideo | Export-ChuiziVideoGallery page
            """).ShouldBeClean();
        string page = Page("page.html");
        page.ShouldContain(">Campaign</dt><dd dir=\"auto\">spring &lt;2026&gt;</dd>");
        page.ShouldContain(">Computed</dt><dd dir=\"auto\">42</dd>");
    }

    [Fact]
    public void Deserialized_videos_are_accepted()
    {
        _shell.Run($$"""
            $v = {{Kite}}
            $v.Input = [pscustomobject]@{ Campaign = 'spring' }
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($v, 3))
            $copy | Export-ChuiziVideoGallery page
            """).ShouldBeClean();
        Prompts("page.html").ShouldBe(["A red kite"]);
        Page("page.html").ShouldContain("<dd dir=\"auto\">spring</dd>");
    }

    [Fact]
    public void An_input_that_is_not_a_video_is_an_error_with_its_number_and_others_are_shown()
    {
        Outcome outcome = _shell.Run($"'vid-9', {Kite}, $null, [pscustomobject]@{{ Id = 'vid-8' }} | Export-ChuiziVideoGallery page");
        outcome.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).ShouldBe(["NoVideo", "NoVideo", "NoVideo"]);
        outcome
            .Errors[0]
            .ToString()
            .ShouldContain("Input 1: 'vid-9' is a string. An id alone does not have the details that the gallery shows.");
        outcome.Errors[0].ErrorDetails.RecommendedAction.ShouldContain("Get-ChuiziVideo");
        outcome.Errors[1].ToString().ShouldContain("Input 3: Expected a video, but got null.");
        outcome.Errors[2].ToString().ShouldContain("Input 4: This row is not a video.");
        Prompts("page.html").ShouldBe(["A red kite"]);
    }

    [Fact]
    public void No_input_writes_no_page_and_an_empty_ledger_writes_an_empty_page()
    {
        _shell.Run("@() | Export-ChuiziVideoGallery page").ShouldBeClean().Output.ShouldBeEmpty();
        _shell.Run("'x' | Export-ChuiziVideoGallery page").Output.ShouldBeEmpty();
        File.Exists(PathOf("page.html")).ShouldBeFalse();
        File.WriteAllText(PathOf("run.jsonl"), "");
        _shell.Run("Export-ChuiziVideoGallery page -Ledger run.jsonl").ShouldBeClean();
        Page("page.html").ShouldContain("No videos yet.");
    }

    [Theory]
    [InlineData("page", "page.html", "page")]
    [InlineData("page.htm", "page.htm", "page")]
    [InlineData("new/deep/page", "new/deep/page.html", "page")]
    [InlineData("new/", "new/index.html", "new")]
    [InlineData("there", "there/index.html", "there")]
    [InlineData("./[odd] name", "[odd] name.html", "[odd] name")]
    public void The_path_determines_the_file_and_the_title(string path, string file, string title)
    {
        Directory.CreateDirectory(PathOf("there"));
        _shell
            .Run($"{Kite} | Export-ChuiziVideoGallery '{path}'")
            .ShouldBeClean()
            .Output.Single()
            .ToString()
            .ShouldBe(PathOf(file.Split('/')));
        Page(file).ShouldContain($"<title>{title}</title>");
    }

    [Fact]
    public void A_page_is_replaced_and_any_other_file_is_refused_before_anything_is_sent()
    {
        _shell.Run($"{Kite} | Export-ChuiziVideoGallery page; {Kite} | Export-ChuiziVideoGallery page -Title 'Anew'").ShouldBeClean();
        Page("page.html").ShouldContain("<title>Anew</title>");
        File.WriteAllText(PathOf("page.html"), "mine");

        Outcome outcome = _shell.Run("'A red kite' | New-ChuiziVideo | Export-ChuiziVideoGallery page");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
        _shell.Posts.ShouldBeEmpty();
        Page("page.html").ShouldBe("mine");

        _shell.Run($"{Kite} | Export-ChuiziVideoGallery page -Force").ShouldBeClean();
        Prompts("page.html").ShouldBe(["A red kite"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Even_with_Force_a_ledger_or_a_video_is_not_replaced_by_the_page()
    {
        _shell.Run("$v = New-ChuiziVideo 'A red kite' -Ledger run.html | Wait-ChuiziVideo | Save-ChuiziVideo videos").ShouldBeClean();
        string ledger = Page("run.html");
        _shell
            .Run("Export-ChuiziVideoGallery run -Ledger run.html -Force")
            .TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
        _shell.Run("$v | Export-ChuiziVideoGallery run.html -Force").TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
        _shell
            .Run("param($path) $v.Path = $path; $v | Export-ChuiziVideoGallery kite -Force", ("path", PathOf("kite.html")))
            .TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
        Page("run.html").ShouldBe(ledger);
        File.Exists(PathOf("kite.html")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("nowhere:/page", "InvalidDestination")]
    [InlineData("Variable:page", "InvalidDestination")]
    [InlineData("file/page", "InvalidDestination")]
    [InlineData("folder", "InvalidDestination")]
    public void An_invalid_path_is_refused_before_anything_is_sent(string path, string id)
    {
        File.WriteAllText(PathOf("file"), "x");
        Directory.CreateDirectory(PathOf("folder.html"));
        _shell
            .Run($"'A red kite' | New-ChuiziVideo | Export-ChuiziVideoGallery {path}")
            .TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Missing_invalid_and_unreadable_ledgers_are_errors()
    {
        File.WriteAllText(PathOf("list.csv"), "Prompt\nA red kite\n");
        _shell.Run("Export-ChuiziVideoGallery page -Ledger none.jsonl").TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerNotFound,");
        _shell.Run("Export-ChuiziVideoGallery page -Ledger list.csv").TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidLedger,");
        _shell.Run("Export-ChuiziVideoGallery page -Ledger .").TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerUnavailable,");
        File.Exists(PathOf("page.html")).ShouldBeFalse();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void WhatIf_writes_no_file_and_creates_no_folder()
    {
        _shell.Run($"{Kite} | Export-ChuiziVideoGallery new/page -WhatIf").ShouldBeClean().Output.ShouldBeEmpty();
        Directory.GetFileSystemEntries(_shell.Folder).ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Under_Stop_a_failure_is_thrown_after_the_page_is_written()
    {
        Outcome outcome = _shell.Run(
            "$ErrorActionPreference = 'Stop'; 'A red kite', 'A forbidden tower' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo "
                + "videos | Export-ChuiziVideoGallery page");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("GenerationFailed,");
        Prompts("page.html").Order().ShouldBe(["A forbidden tower", "A red kite"]);
    }

    [Fact]
    public void Verdict_exports_the_selection_alone_and_an_empty_one_warns()
    {
        const string Videos = """
            $videos = 'Kept', 'Rejected', $null, 'kept' | ForEach-Object { $n = 0 } {
                $n++; [Chuizi.Video.Video]@{ Id = "vid-$n"; Prompt = "p$n"; Status = 'succeeded'; Verdict = $_ } } { }
            """;
        _shell.Run(Videos + "\n$videos | Export-ChuiziVideoGallery page -Verdict Rejected").ShouldBeClean();
        Prompts("page.html").ShouldBe(["p2"]);
        _shell.Run("$videos[0..2] | Export-ChuiziVideoGallery page -Verdict kept").ShouldBeClean();
        Prompts("page.html").ShouldBe(["p1"]);

        Outcome empty = _shell.Run("$videos[1, 2] | Export-ChuiziVideoGallery page -Verdict Kept");
        empty.Warnings.Single().ToString().ShouldBe("The page is empty because no video of 2 is kept.");
        Page("page.html").ShouldContain("No video is kept.");
        _shell.Run("$videos | Export-ChuiziVideoGallery page -Verdict None").TheError
            .FullyQualifiedErrorId.ShouldStartWith("ParameterArgumentValidationError,");
    }

    [Fact]
    public void Verdict_selects_from_a_ledger()
    {
        _shell.Run("$v = 'p1', 'p2' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        Outcome outcome = _shell.Run("Export-ChuiziVideoGallery page -Ledger run.jsonl -Verdict Kept");
        outcome.Warnings.Count.ShouldBe(1);
        Prompts("page.html").ShouldBeEmpty();
    }

    [Fact]
    public void Show_opens_the_written_page_and_WhatIf_opens_nothing()
    {
        List<string> opened = [];
        Browse(page =>
        {
            File.Exists(page).ShouldBeTrue();
            opened.Add(page);
        });
        _shell.Run($"{Kite} | Export-ChuiziVideoGallery page -Show -WhatIf; {Kite} | Export-ChuiziVideoGallery page").ShouldBeClean();
        _shell.Run("@() | Export-ChuiziVideoGallery page -Show").ShouldBeClean();
        opened.ShouldBeEmpty();
        _shell.Run($"{Kite} | Export-ChuiziVideoGallery page -Show").ShouldBeClean().Output.Count.ShouldBe(1);
        opened.ShouldBe([PathOf("page.html")]);
    }

    [Fact]
    public void Without_a_browser_Show_warns_and_the_page_is_written()
    {
        Browse(_ => throw new System.ComponentModel.Win32Exception(2, "No browser here."));
        Outcome outcome = _shell.Run($"{Kite} | Export-ChuiziVideoGallery page -Show");
        outcome.Errors.ShouldBeEmpty();
        outcome.Warnings.Single().ToString().ShouldBe(
            $"The page was written, but it could not be opened in a browser: No browser here. Open it: {PathOf("page.html")}");
        outcome.Output.Count.ShouldBe(1);
        Prompts("page.html").ShouldBe(["A red kite"]);
    }

    [Fact]
    public void A_copied_command_is_one_command_with_the_exact_values()
    {
        string[] prompts = ["'; Remove-Item x; '", "‘a’ ‚b‛ 'c'", "$(throw)", "`$x\n\"@\n", "-Model", "--% x", "# a", "“x”", "@{a=1}"];
        foreach (string prompt in prompts)
        {
            Video video = new() { Prompt = prompt, Model = prompt, Image = prompt, ReferenceImage = [prompt, "b"], Watermark = true };
            string command = GalleryCommand.Of(new GalleryItem(video, new Hashtable())).ShouldNotBeNull();
            CommandAst ast = Parser.ParseInput(command, out _, out ParseError[] errors).EndBlock.Statements.ShouldHaveSingleItem()
                .ShouldBeOfType<PipelineAst>().PipelineElements.ShouldHaveSingleItem().ShouldBeOfType<CommandAst>();
            errors.ShouldBeEmpty();
            StaticBindingResult bound = StaticParameterBinder.BindCommand(ast, resolve: false);
            bound.BoundParameters["Prompt"].ConstantValue.ShouldBe(prompt);
            bound.BoundParameters["Model"].ConstantValue.ShouldBe(prompt);
            bound.BoundParameters["Image"].ConstantValue.ShouldBe(prompt);
            bound.BoundParameters["ReferenceImage"].Value.SafeGetValue().ShouldBe(new[] { prompt, "b" });
        }
    }

    // The engine loads the built module, so the tests cannot reference its types.
    private void Browse(Action<string> open)
    {
        _shell.Run("Get-Command Export-ChuiziVideoGallery").ShouldBeClean();
        Type session = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "Chuizi.Video")
            .GetType("Chuizi.Video.Module.Session.ModuleSession", throwOnError: true)!;
        session.GetProperty("Browse")!.SetValue(session.GetMethod("Of")!.Invoke(null, [_shell.Runspace]), open);
    }

    private string PathOf(params string[] names) => Path.Combine([_shell.Folder, .. names]);

    private string Page(string name) => File.ReadAllText(PathOf(name.Split('/')));

    private string[] Prompts(string name) =>
        [
            .. Page(name)
                .Split("<h3 ")[1..]
                .Select(part => part[(part.IndexOf('>', StringComparison.Ordinal) + 1)..part.IndexOf("</h3>", StringComparison.Ordinal)]),
        ];
}
