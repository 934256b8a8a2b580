using System.Collections;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class RowCheckerTests
{
    private readonly IssueCollector _checker = new();

    [Theory]
    [InlineData("Prompt,Model", true)]
    [InlineData("\"Slug\";\"prompt\"", true)]
    [InlineData("FileName, Prompt", true)]
    [InlineData("a, prompt, dance", false)]
    [InlineData("Prompt", false)]
    [InlineData("A prompt, a model and a duration", false)]
    [InlineData("prompt, swift, gone", false)]
    public void The_header_line_of_a_list_is_not_accepted_as_a_prompt(string prompt, bool isRefused) =>
        (new IssueCollector().Check(new RowInput { Prompt = prompt }) is null).ShouldBe(isRefused);

    [Theory]
    [InlineData(@"\\attacker\share\list.csv")]
    [InlineData("//attacker/share/list.csv")]
    [InlineData(@"\/attacker\share\list.csv")]
    [InlineData(@"\??\UNC\attacker\share\list.csv")]
    [InlineData(@"Microsoft.PowerShell.Core\FileSystem::\\attacker\share\list.csv")]
    public void A_prompt_that_is_the_name_of_a_list_on_a_share_is_refused_without_accessing_the_share(string prompt)
    {
        List<string> looked = [];
        IssueCollector checker = new(path =>
        {
            looked.Add(path);
            return path;
        });

        checker.Check(new RowInput { Prompt = prompt }).ShouldBeNull();
        checker.Check(new RowInput { Prompt = "two words of " + prompt }).ShouldNotBeNull();
        looked.ShouldBeEmpty();
        // A prompt with a space is only refused if it is a local file.
        checker.Check(new RowInput { Prompt = "my list.csv" }).ShouldNotBeNull();
        looked.ShouldBe(["my list.csv"]);
    }

    [Fact]
    public void A_prompt_is_the_only_required_value()
    {
        VideoRequest request = Build(new() { Prompt = " A red kite " });
        request.Prompt.ShouldBe("A red kite");
        request.Model.ShouldBe(ModelCatalogue.DefaultModel);
        request.Duration.ShouldBeNull();
        request.Image.ShouldBeNull();
        request.ReferenceImages.ShouldBeEmpty();
        request.Watermark.ShouldBeNull();
        request.Parameters.ShouldBeEmpty();
        _checker.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Every_column_of_a_table_is_converted()
    {
        using InCulture culture = new("de-DE");
        VideoRequest request = Build(
            new()
            {
                Row = 1,
                Prompt = "p",
                Model = "BAILIAN/happyhorse-1.0-video-edit",
                Duration = "8",
                ReferenceImage = "https://a/1.png;https://a/2.png",
                SourceVideo = "https://a/v.mp4",
                Resolution = "1080p",
                AspectRatio = " 16:9 ",
                Watermark = "false",
                Parameter = new Hashtable { ["seed"] = 7 },
            });
        request.Model.ShouldBe("bailian/happyhorse-1.0-video-edit");
        request.Duration.ShouldBe(8);
        request.ReferenceImages.Select(image => image.Value).ShouldBe(["https://a/1.png", "https://a/2.png"]);
        request.SourceVideo!.Value.ShouldBe("https://a/v.mp4");
        request.Resolution.ShouldBe("1080P");
        request.AspectRatio.ShouldBe("16:9");
        request.Watermark.ShouldBe(false);
        request.Parameters["seed"].ShouldBe(7);
    }

    [Fact]
    public void All_errors_of_a_row_are_reported_at_once_with_their_values()
    {
        _checker
            .Check(
                new()
                {
                    Row = 7,
                    Prompt = " ",
                    Model = new[] { 1 },
                    Duration = "long",
                    Image = "/no/such.png",
                    ReferenceImage = "/no/1.png;ftp://a/2.png",
                    SourceVideo = "clip.mp4",
                    Resolution = new object(),
                    AspectRatio = true,
                    Watermark = "perhaps",
                    Parameter = "seed=7",
                })
            .ShouldBeNull();
        _checker
            .Errors.Select(error => (error.Row, error.Column))
            .ShouldBe([
                (7, "Prompt"),
                (7, "AdditionalBody"),
                (7, "Model"),
                (7, "Duration"),
                (7, "Image"),
                (7, "ReferenceImage"),
                (7, "ReferenceImage"),
                (7, "SourceVideo"),
                (7, "AspectRatio"),
                (7, "Resolution"),
                (7, "Watermark"),
            ]);
        string all = string.Join('\n', _checker.Errors);
        foreach (string value in new[] { "'long'", "'/no/such.png'", "'/no/1.png'", "'ftp://a/2.png'", "'clip.mp4'", "'perhaps'" })
        {
            all.ShouldContain(value);
        }

        _checker.Errors.ShouldAllBe(error => error.ToString().StartsWith("Row 7: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_without_a_prompt_lists_its_columns()
    {
        _checker.Check(new() { Row = 2, Columns = ["Promt", "Model"] }).ShouldBeNull();
        _checker.Errors.Single().Message.ShouldBe("Prompt not found. The columns are Promt, Model. Rename the column that contains the prompt, or use -Prompt { $_.<column> }.");
        IssueCollector single = new();
        single.Check(new() { Prompt = "" }).ShouldBeNull();
        single.Errors.Single().ToString().ShouldBe("Prompt is empty. Describe the video.");
    }

    [Fact]
    public void A_prompt_of_another_type_is_a_single_error()
    {
        _checker.Check(new() { Prompt = new Hashtable() }).ShouldBeNull();
        _checker.Errors.Single().Message.ShouldBe("Prompt is an object with fields, not text. Pipe rows and files to New-ChuiziVideo.");
    }

    [Fact]
    public void An_unknown_model_is_a_warning_with_a_suggestion()
    {
        Build(
            new()
            {
                Prompt = "p",
                Model = "google/veo-3.2",
                Duration = 600,
            })
            .Model.ShouldBe("google/veo-3.2");
        _checker
            .Warnings.Single()
            .Message.ShouldBe(
                "The model 'google/veo-3.2' is not in the model catalog and is sent unchanged. Did you mean 'google/veo-3.1'?");
    }

    [Fact]
    public void Errors_of_one_row_do_not_affect_the_next()
    {
        _checker.Check(new() { Row = 1 }).ShouldBeNull();
        _checker.Check(new() { Row = 2, Prompt = "p" }).ShouldNotBeNull();
        _checker.Check(new() { Row = 4, Prompt = "p" }).ShouldNotBeNull();
        _checker.Errors.Select(error => error.Row).ShouldBe([1]);
    }

    [Theory]
    [InlineData("720p", "720P")]
    [InlineData("1080P", "1080P")]
    [InlineData(" 720p ", "720P")]
    [InlineData("1080", "1080P")]
    [InlineData(1080, "1080P")]
    [InlineData("1920x1080", "1080P")]
    [InlineData("1080 × 1920", "1080P")]
    [InlineData("1280x720", "720P")]
    [InlineData("480p", "480P")]
    [InlineData("720P", "720P")]
    public void A_resolution_is_sent_in_its_documented_form(object given, string expected) =>
        Build(new() { Prompt = "p", Resolution = given }).Resolution.ShouldBe(expected);

    [Fact]
    public void Several_source_images_are_an_error()
    {
        _checker.Check(new() { Prompt = "p", Image = "https://a/1.png;https://a/2.png" }).ShouldBeNull();
        _checker.Errors.Single().Message.ShouldBe("Image has 2 values, but accepts only one. Use ReferenceImage for several images.");
    }

    [Fact]
    public void A_list_that_contains_itself_is_an_error()
    {
        ArrayList list = [];
        list.Add(list);
        _checker.Check(new() { Row = 1, Prompt = "p", Image = list, ReferenceImage = list }).ShouldBeNull();
        _checker.Errors.Select(error => error.Column).ShouldBe(["Image", "ReferenceImage"]);
    }

    [Theory]
    [InlineData("clip.mp4")]
    [InlineData("/videos/clip.mp4")]
    [InlineData("ftp://a/clip.mp4")]
    [InlineData("https://")]
    public void A_source_video_must_be_a_URL(string given)
    {
        _checker.Check(new() { Prompt = "p", Model = "bailian/happyhorse-1.0-video-edit", SourceVideo = given }).ShouldBeNull();
        _checker.Errors.Single().Message.ShouldStartWith($"SourceVideo '{given}' is not an http or https URL.");
    }

    [Theory]
    [InlineData("model")]
    [InlineData("prompt")]
    [InlineData("duration")]
    [InlineData("image")]
    [InlineData("image_url")]
    [InlineData("reference_image_urls")]
    [InlineData("video_url")]
    [InlineData("resolution")]
    [InlineData("aspect_ratio")]
    [InlineData("watermark")]
    public void An_extra_field_that_is_already_specified_is_an_error(string field)
    {
        RowInput input = new()
        {
            Prompt = "p",
            Model = "bailian/happyhorse-1.0-video-edit",
            Duration = 5,
            Image = "https://a/1.png",
            ReferenceImage = "https://a/2.png",
            SourceVideo = "https://a/v.mp4",
            Resolution = "720P",
            AspectRatio = "16:9",
            Watermark = true,
        };
        Build(input);
        _checker.Check(input with { Parameter = new Hashtable { [field] = "x" } }).ShouldBeNull();
        _checker.Errors.Single().Message.ShouldContain($"'{field}'");
    }

    [Fact]
    public void An_extra_field_may_replace_an_omitted_parameter() =>
        Build(
            new()
            {
                Prompt = "p",
                Model = "bailian/wan2.6-i2v",
                Parameter = new Hashtable { ["image_url"] = "https://a/1.png" },
            })
            .Parameters.Keys.ShouldBe(["image_url"]);

    [Fact]
    public void An_image_used_by_many_rows_is_read_once()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.png", Images.Png(640, 480));
        MediaSource first = Build(new() { Row = 1, Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path }).Image!;
        File.Delete(path);
        Build(new() { Row = 2, Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path }).Image.ShouldBeSameAs(first);
    }

    [Fact]
    public void Relative_paths_are_resolved_by_the_caller()
    {
        using TempFolder folder = new();
        folder.Write("a.png", Images.Png(640, 480));
        IssueCollector checker = new(folder.Of);
        checker.Check(new() { Prompt = "p", Model = "bailian/wan2.6-i2v", Image = "a.png" })!.Image!.Value.ShouldBe(folder.Of("a.png"));
    }

    [Theory]
    [InlineData(@"\\attacker\share\my list.csv")]
    [InlineData("//attacker/share/my list.csv")]
    [InlineData(@"\/attacker\share\my list.csv")]
    [InlineData(@"\??\UNC\attacker\share\my list.csv")]
    [InlineData(@"Microsoft.PowerShell.Core\FileSystem::\\attacker\share\my list.csv")]
    public void A_prompt_of_words_that_may_be_a_share_is_accepted_without_accessing_it(string prompt) =>
        new IssueCollector(path => throw new InvalidOperationException(path)).Check(new RowInput { Prompt = prompt }).ShouldNotBeNull();

    [Fact]
    public void A_prompt_of_words_is_refused_if_it_is_a_local_list()
    {
        using TempFolder folder = new();
        string path = folder.Write("my list.csv", [1]);
        Found(new() { Prompt = "/my list.csv" }, new RowChecker(_ => path)).Errors.ShouldBe(
            ["Prompt: Prompt '/my list.csv' is the name of a file. To read the list in it, use New-ChuiziVideo -Path."]);
    }

    public static TheoryData<Exception> NoPath => [new IOException(), new ArgumentException("x"), new NotSupportedException()];

    [Theory]
    [MemberData(nameof(NoPath))]
    public void A_prompt_that_can_be_no_path_is_a_prompt(Exception exception) =>
        new IssueCollector(_ => throw exception).Check(new() { Prompt = "my list.csv" }).ShouldNotBeNull();

    public static TheoryData<object?, string[], string> NoPrompts => new()
    {
        { "\t", [], "Prompt is empty. Describe the video." },
        { null, ["prompt", "Model"], "Prompt is blank. Describe the video, or remove the row." },
        {
            null, ["Prompt;Model"],
            "Prompt not found. The only column is 'Prompt;Model', so the file probably uses another delimiter. Use New-ChuiziVideo -Path, which recognizes it, or Import-Csv -Delimiter."
        },
        {
            null, ["Text"],
            "Prompt not found. The columns are Text. Rename the column that contains the prompt, or use -Prompt { $_.<column> }."
        },
        { new FileInfo("/a/kite.png"), [], "Prompt is the file 'kite.png', not text. Pipe rows and files to New-ChuiziVideo." },
        {
            "Prompt,Model", [],
            "Prompt 'Prompt,Model' is the header line of a CSV file. Read the file with New-ChuiziVideo -Path or Import-Csv."
        },
        { "prompts.csv", [], "Prompt 'prompts.csv' is the name of a file. To read the list in it, use New-ChuiziVideo -Path." },
        {
            "[", [],
            "Prompt '[' is JSON. Read the file with New-ChuiziVideo -Path, or convert it with ConvertFrom-Json (read a file of several lines with Get-Content -Raw)."
        },
        {
            "## Kites", [],
            "Prompt '## Kites' is a line of Markdown, not a prompt. Use a list in a CSV or JSON file with New-ChuiziVideo -Path."
        },
        { "a\u0007", [], $"Prompt 'a ' {TextDamage.Of("a\u0007")}" },
    };

    [Theory]
    [MemberData(nameof(NoPrompts))]
    public void What_is_no_prompt_is_refused_with_the_way_out(object? prompt, string[] columns, string expected) =>
        Found(new() { Prompt = prompt, Columns = columns }).Errors.ShouldBe([$"Prompt: {expected}"]);

    // InlineData cannot contain lone surrogates.
    [Fact]
    public void Half_a_character_in_a_prompt_or_a_model_is_an_error()
    {
        const string Expected = "contains an incomplete character (an unpaired surrogate), which cannot be sent. The text may have been cut inside an emoji.";
        Found(new() { Prompt = "a \ud83c" }).Errors.ShouldBe([$"Prompt: Prompt 'a \ud83c' {Expected}"]);
        Found(new() { Prompt = "p", Model = "qqqq\ud83c" }).Errors.ShouldBe([$"Model: Model 'qqqq\ud83c' {Expected}"]);
    }

    [Fact]
    public void A_piped_file_without_a_prompt_asks_for_one() =>
        Found(new() { File = "https://a/1.png", Columns = ["Text"] }).Errors
            .ShouldBe(["Prompt: Prompt is missing. Describe what happens in the video."]);

    [Fact]
    public void A_piped_file_goes_into_the_column_of_the_named_model() =>
        Build(new() { Prompt = "p", Model = "bailian/happyhorse-1.0-r2v", File = "https://a/1.png" })
            .ReferenceImages.Select(image => image.Value).ShouldBe(["https://a/1.png"]);

    [Fact]
    public void Each_value_that_cannot_be_read_is_reported_with_its_column()
    {
        object wrong = new Version(1, 2);
        (CheckedRow row, string[] errors, _) = Found(new()
        {
            Prompt = "p", Model = wrong, Duration = "long", SourceVideo = "https://a/1.mp4;https://a/2.mp4", AspectRatio = "wide",
            Resolution = wrong, Watermark = "perhaps", FileName = wrong, EstimatedCost = "much", TakeCount = "101",
        });
        row.Request.ShouldBeNull();
        errors.ShouldBe(
        [
            "Model: Model is a Version, not text.",
            "Duration: Duration 'long' is not valid. Use a whole number of seconds, 1 or more, such as 8.",
            "SourceVideo: SourceVideo has 2 values, but accepts only one. Use one row for each video.",
            "AspectRatio: AspectRatio 'wide' is not an aspect ratio. Use one such as 16:9; in a spreadsheet, format the column as text. To send another value unchanged, use -AdditionalBody @{ aspect_ratio = '...' }.",
            "Resolution: Resolution is a Version, not text.",
            "Watermark: Watermark 'perhaps' is not valid. Use true or false.",
            "FileName: FileName is a Version, not text.",
            "EstimatedCost: EstimatedCost 'much' is not a valid amount in USD. Use a number such as 0.15.",
            "TakeCount: TakeCount '101' is not valid. Use a whole number from 1 to 100.",
        ]);
    }

    [Theory]
    [InlineData("image", "bailian/wan2.6-i2v")]
    [InlineData("image_url", "bailian/wan2.6-i2v")]
    [InlineData("reference_image_urls", "bailian/happyhorse-1.0-r2v")]
    [InlineData("video_url", "bailian/happyhorse-1.0-video-edit")]
    [InlineData("seed", "google/veo-3.1-lite")]
    public void Without_a_model_the_default_goes_by_the_extra_fields(string field, string expected) =>
        Build(new() { Prompt = "p", Parameter = new Hashtable { [field] = "x" } }).Model.ShouldBe(expected);

    [Theory]
    [InlineData("qqqq*")]
    [InlineData("qqqq?")]
    [InlineData("qqqq[")]
    [InlineData("qqqq]")]
    [InlineData("qqqq,")]
    [InlineData("qqqq;")]
    [InlineData("qqqq jjjj")]
    public void What_can_be_no_model_is_an_error(string name)
    {
        (_, string[] errors, string[] warnings) = Found(new() { Prompt = "p", Model = name });
        errors.ShouldBe([$"Model: Model '{name}' is not the name of a model."]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_model_may_be_spelled_with_spaces_and_an_unknown_one_is_a_warning_of_its_column()
    {
        Build(new() { Prompt = "p", Model = "Veo 3.1 Fast" }).Model.ShouldBe("google/veo-3.1-fast");
        Found(new() { Prompt = "p", Model = "qqqq" }).Warnings
            .ShouldBe(["Model: The model 'qqqq' is not in the model catalog and is sent unchanged."]);
    }

    [Fact]
    public void An_API_key_in_a_row_is_an_error_of_the_row() =>
        Found(new() { Prompt = "p ck-" + new string('a', 32) }).Errors
            .ShouldBe([": The row contains an API key, which would be sent to the provider and recorded in the ledger. Remove it."]);

    [Fact]
    public void A_row_keeps_its_variant_and_its_takes()
    {
        CheckedRow row = new RowChecker().Check(new() { Prompt = "p", Variant = "veo", TakeCount = "100" });
        (row.Variant, row.TakeCount).ShouldBe(("veo", 100));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("p", "long")]
    public void A_row_that_cannot_be_read_has_no_request(string? prompt, string? duration) =>
        Found(new() { Prompt = prompt, Duration = duration }).Row.Request.ShouldBeNull();

    [Fact]
    public void Only_a_piped_line_can_be_the_header_of_the_others()
    {
        RowChecker checker = new();
        checker.Check(new() { Prompt = "Prompt,Model" });
        checker.HasHeader.ShouldBeFalse();
        checker.Check(new() { Row = 1, Prompt = "Prompt" });
        checker.HasHeader.ShouldBeTrue();
        checker.Check(new() { Row = 2, Prompt = "Prompt" });
        checker.HasHeader.ShouldBeTrue();
    }

    [Fact]
    public void A_row_whose_file_is_missing_is_still_identified_by_its_path()
    {
        using TempFolder folder = new();
        foreach (string path in new[] { folder.Of("gone.png"), folder.Path })
        {
            CheckedRow row = Found(new() { Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path }).Row;
            row.Errors.Count.ShouldBe(1);
            MediaSource image = row.Request.ShouldNotBeNull().Image.ShouldNotBeNull();
            (image.Value, image.IsMissing).ShouldBe((path, true));
        }

        string text = folder.Write("text.png", "no image at all"u8);
        Found(new() { Prompt = "p", Model = "bailian/wan2.6-i2v", Image = text }).Row.Request.ShouldBeNull();
    }

    [Fact]
    public void A_file_that_is_published_as_a_video_and_sent_as_an_image_is_read_as_each()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.png", Images.Png(640, 480));
        RowChecker checker = new() { Publishes = true };
        VideoRequest request = checker.Check(new() { Prompt = "p", Image = path, SourceVideo = path }).Request.ShouldNotBeNull();
        request.Images.Append(request.SourceVideo!).Select(source => source.MediaType).ShouldBe(["image/png", "video/mp4"]);
    }

    private static (CheckedRow Row, string[] Errors, string[] Warnings) Found(RowInput input, RowChecker? checker = null)
    {
        CheckedRow row = (checker ?? new RowChecker()).Check(input);
        return (row, Texts(row.Errors), Texts(row.Warnings));

        static string[] Texts(IReadOnlyList<ValidationIssue> issues) => [.. issues.Select(issue => $"{issue.Column}: {issue.Message}")];
    }

    private VideoRequest Build(RowInput input)
    {
        VideoRequest? request = _checker.Check(input);
        _checker.Errors.ShouldBeEmpty();
        return request.ShouldNotBeNull();
    }
}
