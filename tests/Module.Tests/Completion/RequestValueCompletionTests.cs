namespace Chuizi.Video.Module.Tests.Completion;

/// <summary>Completion of -Model, -Duration, -AspectRatio and -Resolution of New-ChuiziVideo.</summary>
public sealed class RequestValueCompletionTests : IDisposable
{
    private const string Horse = "bailian/happyhorse-1.0-";

    private readonly Shell _shell = new();

    public void Dispose()
    {
        // Completion must never send a request.
        _shell.Requests.ShouldBeEmpty();
        _shell.Dispose();
    }

    [Fact]
    public void All_models_are_offered_with_a_description()
    {
        string[] models = _shell.Texts("New-ChuiziVideo 'a kite' -Model ");
        models.Length.ShouldBe(12);
        models[0].ShouldBe("google/veo-3.1");
        _shell
            .Tooltip("New-ChuiziVideo 'a kite' -Model ", "google/veo-3.1-lite")
            .ShouldBe("text-to-video, Google Vertex, up to 8 s; cheapest; the default");
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("veo", "google/veo-3.1 google/veo-3.1-fast google/veo-3.1-lite")]
    [InlineData("GOOGLE/VEO-3.1-", "google/veo-3.1-fast google/veo-3.1-lite")]
    [InlineData("bedrock/", "bedrock/nova-reel-1.1 bedrock/nova-reel-1.0")]
    [InlineData("wan2.6", "bailian/wan2.6-t2v bailian/wan2.6-i2v")]
    [InlineData("i2v", "bailian/happyhorse-1.0-i2v bailian/wan2.6-i2v")]
    [InlineData("*lite", "google/veo-3.1-lite")]
    [InlineData("n?va*0", "bedrock/nova-reel-1.0")]
    [InlineData("'veo-3.1-l", "'google/veo-3.1-lite'")]
    [InlineData("\"veo-3.1-l", "\"google/veo-3.1-lite\"")]
    [InlineData("'veo-3.1-l^'", "'google/veo-3.1-lite'")]
    [InlineData("\u2018veo-3.1-l", "'google/veo-3.1-lite'")]
    [InlineData("[a", "")]
    [InlineData("sora", "")]
    public void The_typed_word_filters_and_keeps_its_quote(string typed, string expected) =>
        string.Join(' ', _shell.Texts($"New-ChuiziVideo 'a kite' -Model {typed}")).ShouldBe(expected);

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("-Image kite.png", Horse + "i2v")]
    [InlineData("-image_url https://a.example/kite.png", Horse + "i2v")]
    [InlineData("-Im kite.png", Horse + "i2v")]
    [InlineData("-Image (Get-Item kite.png)", Horse + "i2v")]
    [InlineData("-Image { $_.Picture }", Horse + "i2v")]
    [InlineData("-Image:kite.png", Horse + "i2v")]
    [InlineData("-ReferenceImage a.png, b.png", Horse + "r2v")]
    [InlineData("-reference_image_urls 'a;b'", Horse + "r2v")]
    [InlineData("-SourceVideo https://a.example/v.mp4", Horse + "video-edit")]
    [InlineData("-video_url $address", Horse + "video-edit")]
    [InlineData("@splat", Horse + "i2v")]
    [InlineData("-Duration 15", Horse + "t2v")]
    [InlineData("-Duration '15'", Horse + "t2v")]
    [InlineData("-AspectRatio 3:4", Horse + "t2v")]
    [InlineData("-Image $null", "google/veo-3.1")]
    [InlineData("-Image ''", "google/veo-3.1")]
    [InlineData("-Duration abc", "google/veo-3.1")]
    [InlineData("@nothing", "google/veo-3.1")]
    [InlineData("-Parameter @{ seed = 7 }", "google/veo-3.1")]
    public void Other_parameters_on_the_line_determine_which_model_comes_first(string others, string first)
    {
        _shell.Run("$global:splat = @{ image_url = 'kite.png' }; $global:address = 'https://a.example/v.mp4'").ShouldBeClean();

        _shell.Texts($"New-ChuiziVideo 'a kite' {others} -Model ")[0].ShouldBe(first);
        _shell.Texts($"New-ChuiziVideo 'a kite' -Model ^ {others}")[0].ShouldBe(first);
    }

    [Theory]
    [InlineData("", "4 6 8")]
    [InlineData("-Model bedrock/nova-reel-1.1", "6")]
    [InlineData("-Model 'BAILIAN/wan2.7-t2v'", "2 3 4 5")]
    [InlineData("-Model $model", "2 3 4 5")]
    [InlineData("@splat", "3 4 5 6 7 8 9 10 11 12 13 14 15")]
    [InlineData("-Model { $_.Model }", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15")]
    [InlineData("-Model (Get-Model)", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15")]
    public void Durations_are_those_of_the_model(string others, string expected)
    {
        _shell.Run("$global:model = 'bailian/wan2.6-t2v'; $global:splat = @{ Model = 'bailian/happyhorse-1.0-t2v' }").ShouldBeClean();

        string.Join(' ', _shell.Texts($"Import-Csv a.csv | New-ChuiziVideo {others} -Duration ")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("-AspectRatio ", "16:9 9:16")]
    [InlineData("-aspect_ratio 9", "9:16")]
    [InlineData("-AspectRatio '1", "'16:9'")]
    [InlineData("-Model bailian/wan2.7-t2v -AspectRatio ", "16:9 9:16 1:1 4:3 3:4")]
    [InlineData("-Model bailian/wan2.6-i2v -AspectRatio ", "16:9 9:16 1:1 4:3 3:4")]
    [InlineData("-Resolution ", "720P 1080P")]
    [InlineData("-Resolution 10", "1080P")]
    [InlineData("-Model bedrock/nova-reel-1.0 -Resolution ", "720P")]
    public void Aspect_ratios_and_resolutions_are_those_of_the_model(string line, string expected) =>
        string.Join(' ', _shell.Texts($"New-ChuiziVideo 'a kite' {line}")).ShouldBe(expected);

    [Fact]
    public void The_tooltip_says_when_a_value_is_listed_only_for_other_models() =>
        _shell.Tooltip("New-ChuiziVideo 'a kite' -Model bailian/wan2.6-i2v -AspectRatio ", "1:1")
            .ShouldBe("1:1, square; not listed for bailian/wan2.6-i2v, but for bailian/happyhorse-1.0-t2v and 2 others");

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("Model")]
    [InlineData("Duration")]
    [InlineData("AspectRatio")]
    [InlineData("Resolution")]
    public void An_inserted_value_binds_unchanged(string parameter)
    {
        foreach (string quote in (string[])["", "'", "\""])
        {
            string line = $"New-ChuiziVideo 'a kite' -Image a.png -{parameter} {quote}";
            CommandCompletion completion = _shell.Complete(line);
            completion.CompletionMatches.Count.ShouldBeGreaterThan(1);
            foreach (CompletionResult match in completion.CompletionMatches)
            {
                _shell.Bound(Completions.Paste(line, completion, match), parameter)!.ToString().ShouldBe(match.ListItemText);
            }
        }
    }
}
