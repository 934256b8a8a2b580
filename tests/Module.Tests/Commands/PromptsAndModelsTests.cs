using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Several prompts, several models, and files from the pipeline.</summary>
public sealed class PromptsAndModelsTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Several_prompts_are_rows()
    {
        _shell.Run("New-ChuiziVideo 'a', 'b' -Duration 4 | Sort-Object Prompt | ForEach-Object { $_.Input.Prompt }").ShouldBeClean()
            .Output.Select(text => text.ToString()).ShouldBe(["a", "b"]);
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a', ''");
        outcome.TheError.ToString().ShouldStartWith("Row 2: Prompt is empty.");
        _shell.Server.Jobs.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(
        "New-ChuiziVideo 'a', 'b' -Model veo-3.1-lite, wan2.6-t2v, google/veo-3.1-lite",
        4,
        "2 prompts × 2 models = 4 videos, at most $1.28.")]
    [InlineData("New-ChuiziVideo 'a' -Model veo-3.1-lite, 'Wan 2.6 t2v' -Duration 4", 2, "1 prompt × 2 models = 2 videos, at most $0.")]
    [InlineData(
        "Get-Item a.png | New-ChuiziVideo 'in', 'out' -Duration 4",
        2,
        "1 row × 2 prompts = 2 videos, at most $0.")]
    [InlineData("'a', 'b', 'c' | New-ChuiziVideo -Model veo-3.1-lite, wan2.6-t2v", 6, "3 rows × 2 models = 6 videos, at most $1.92.")]
    [InlineData("New-ChuiziVideo 'a' -Model (Get-ChuiziVideoModel veo-3.1-lite, wan2.6-t2v)", 2, "1 prompt × 2 models = 2 videos")]
    public void Several_models_multiply_and_one_line_says_so_before_the_first_is_submitted(string command, int videos, string line)
    {
        WriteImage("a.png");
        Outcome outcome = _shell.Run($"{command} 6>&1 | ForEach-Object {{ \"$_\" }}");
        outcome.Errors.ShouldBeEmpty();
        outcome.Output[0].ToString().ShouldStartWith(line);
        _shell.Server.Jobs.Count.ShouldBe(videos);
    }

    [Fact]
    public void Rows_of_a_list_with_several_models_are_waited_for_in_the_second_run()
    {
        const string Run = "'a', 'b' | New-ChuiziVideo -Model veo-3.1-lite, wan2.6-t2v -Ledger run.jsonl";
        _shell.Run(Run).ShouldBeClean();
        _shell.Run(Run).ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(4);
        Outcome outcome = _shell.Run($"{Run.Replace("2.6", "2.7", StringComparison.Ordinal)} 6>&1 | ForEach-Object {{ \"$_\" }}");
        outcome.Output[0].ToString().ShouldStartWith("2 rows × 2 models = 4 videos, 2 to submit");
        _shell.Server.Jobs.Count.ShouldBe(6);
    }

    [Fact]
    public void An_error_names_the_model_of_a_row_that_is_multiplied()
    {
        Outcome outcome = _shell.Run("'a', 'b' | New-ChuiziVideo -Model veo-3.1-lite, wan2.6-t2v -Duration 7");
        outcome.Errors.Select(error => error.ToString())
            .ShouldAllBe(text => text.Contains(", wan2.6-t2v: Duration 7 is too long", StringComparison.Ordinal));
        outcome.Errors.Count.ShouldBe(2);
        _shell.Server.Jobs.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("New-ChuiziVideo (Get-Item a.png)", "Prompt is the file 'a.png', not text. Pipe rows and files to New-ChuiziVideo.")]
    [InlineData("New-ChuiziVideo @{ Prompt = 'a' }", "Prompt is an object with fields, not text. Pipe rows and files")]
    [InlineData("New-ChuiziVideo (@{ Prompt = 'a' }, @{ Prompt = 'b' })", "Row 1: Prompt is an object with fields")]
    [InlineData("New-ChuiziVideo (Get-Date)", "Prompt is a DateTime, not text.")]
    [InlineData("New-ChuiziVideo @('Prompt,Model', 'a,veo-3.1-lite')", "Row 1: Prompt 'Prompt,Model' is the header line of a CSV file.")]
    [InlineData("New-ChuiziVideo 'a' -Model veo-3.1-lite, ''", "-Model has a blank name.")]
    [InlineData("Get-Item a.png | New-ChuiziVideo", "Row 1: Prompt is missing.")]
    [InlineData("Get-Item . | New-ChuiziVideo 'a'", "is a folder. Use Get-ChildItem -File.")]
    [InlineData("Get-Item notes.doc | New-ChuiziVideo 'a'", "Row 1: Image '")]
    [InlineData("'A blue kite' | New-ChuiziVideo 'a'", "Row 1: Image file not found: '")]
    [InlineData("'', 'a.png' | New-ChuiziVideo 'a'", "Row 1: The piped path or URL is blank.")]
    [InlineData("Get-Item scan.heic | New-ChuiziVideo 'a' -FileName { $_.BaseName }", "is not a supported image.")]
    [InlineData("Get-Item clip.mov | New-ChuiziVideo 'a'", "To use a local file, specify -Publish.")]
    [InlineData("New-ChuiziVideo 'a' -Image @{ href = 'https://media.example/a.png' }", "Image is an object with fields, not text.")]
    [InlineData("New-ChuiziVideo 'a' -Image 'https://a.example/a.png, https://a.example/b.png'", "Image has 2 values, but accepts only")]
    [InlineData("New-ChuiziVideo 'a' -Image \"https://a.example/a.png`nhttps://a.example/b.png\"", "Image has 2 values")]
    [InlineData("New-ChuiziVideo 'a' -SourceVideo 'https://a.example/a.mp4 https://a.example/b.mp4'", "SourceVideo has 2 values")]
    [InlineData("New-ChuiziVideo 'a' -Model 'veo-3.1,wan2.6-t2v'", "Model 'veo-3.1,wan2.6-t2v' is not the name of a model.")]
    [InlineData("New-ChuiziVideo 'a' -Model '*i2v'", "'*i2v' is not the name of a model. Models with this in their names: bailian/happy")]
    public void What_is_no_prompt_model_or_image_is_refused(string command, string message)
    {
        WriteImage("a.png");
        File.WriteAllText(Of("notes.doc"), "text");
        File.WriteAllText(Of("clip.mov"), "text");
        File.WriteAllText(Of("scan.heic"), "text");
        Outcome outcome = _shell.Run(command);
        outcome.Errors[0].ToString().ShouldContain(message);
        _shell.Server.Jobs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Get-ChildItem *.png | New-ChuiziVideo 'Push in' -Model wan2.6-i2v", "bailian/wan2.6-i2v", "image")]
    [InlineData("Get-ChildItem *.png | New-ChuiziVideo 'Push in'", "bailian/wan2.6-i2v", "image")]
    [InlineData("Get-ChildItem *.png -Name | New-ChuiziVideo 'Push in'", "bailian/wan2.6-i2v", "image")]
    [InlineData("Get-ChildItem *.png | New-ChuiziVideo 'Push in' -Image { $_ }", "bailian/wan2.6-i2v", "image")]
    [InlineData("gci *.png | New-ChuiziVideo 'A' -Model happyhorse-1.0-r2v", "bailian/happyhorse-1.0-r2v", "reference_image_urls")]
    public void Files_are_images(string command, string model, string field)
    {
        WriteImage("a.png");
        WriteImage("b.png");
        _shell.Run(command).ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(2);
        foreach (SandboxJob job in _shell.Server.Jobs)
        {
            job.Model.ShouldBe(model);
            Body(job).GetProperty(field).ToString().ShouldContain("data:image/png;base64,");
        }
    }

    [Theory]
    [InlineData("my image ü.png", "my image ü")]
    [InlineData("100% sure.png", "100% sure")]
    public void The_name_of_a_piped_file_is_kept(string file, string name)
    {
        WriteImage(file);
        _shell.Run("Get-ChildItem *.png | New-ChuiziVideo -Prompt { \"Push into $($_.Length) bytes\" }").ShouldBeClean()
            .Texts("FileName").ShouldBe([name]);
    }

    [Fact]
    public void A_piped_url_of_a_video_is_the_source_video()
    {
        _shell.Run("'https://media.example/in/clip.mp4?x=1' | New-ChuiziVideo 'At night'").ShouldBeClean();
        _shell.Server.Jobs.ShouldHaveSingleItem().Model.ShouldBe("bailian/happyhorse-1.0-video-edit");
    }

    [Fact]
    public void What_if_names_the_image_and_the_file()
    {
        WriteImage("a.png");
        RecordingHost host = new(width: 200);
        using Shell shell = new(_shell.Server, _shell.Folder, host);
        shell.Run("Get-ChildItem *.png | New-ChuiziVideo 'Push in' -WhatIf").ShouldBeClean();
        host.Text.ShouldContain("Row 1: 'Push in' with bailian/wan2.6-i2v, image 'a.png', file name 'a', at most $0.");
    }

    [Fact]
    public void What_if_names_the_columns_that_nothing_uses_once()
    {
        RecordingHost host = new(width: 300);
        using Shell shell = new(_shell.Server, _shell.Folder, host);
        const string Rows = "1..2 | % { [pscustomobject]@{ Prompt = 'a'; Scene = $_; Shot = 1; Mood = 'calm'; 'body.seed' = 7 } }";
        shell.Run($"{Rows} | New-ChuiziVideo -FileName '{{Scene:00}}' -Duration {{ 3 + $_.Shot }} -WhatIf").ShouldBeClean();
        host.Text.ShouldEndWith(" Columns that are not used: 'Mood'.");
    }

    [Fact]
    public void The_length_of_a_copied_file_object_is_no_duration()
    {
        WriteImage("a.png");
        _shell.Run("Get-Item a.png | Select-Object FullName, Length | New-ChuiziVideo -Prompt 'a' -Image { $_.FullName }").ShouldBeClean();
        Body(_shell.Server.Jobs.ShouldHaveSingleItem()).TryGetProperty("duration", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("-Image @{ url = 'https://a.example/a.png' }", "image", "https://a.example/a.png")]
    [InlineData(
        "-ReferenceImage 'https://a.example/a.png, https://a.example/b.png?x=https://c.example'",
        "reference_image_urls",
        """["https://a.example/a.png","https://a.example/b.png?x=https://c.example"]""")]
    public void Urls_are_taken_from_an_object_and_from_a_list_in_one_cell(string arguments, string field, string sent)
    {
        _shell.Run($"New-ChuiziVideo 'a' {arguments}").ShouldBeClean();
        Body(_shell.Server.Jobs.ShouldHaveSingleItem()).GetProperty(field).ToString().ShouldBe(sent);
    }

    private string Of(string name) => Path.Combine(_shell.Folder, name);

    private static JsonElement Body(SandboxJob job) => JsonDocument.Parse(job.Body).RootElement;

    private void WriteImage(string name) => File.WriteAllBytes(Of(name), Images.Png(640, 480));
}
