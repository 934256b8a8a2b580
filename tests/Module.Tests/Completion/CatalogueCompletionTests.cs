namespace Chuizi.Video.Module.Tests.Completion;

/// <summary>-Name, -Provider and -Type of Get-ChuiziVideoModel.</summary>
[Trait("Speed", "Medium")]
public sealed class CatalogueCompletionTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose()
    {
        _shell.Requests.ShouldBeEmpty();
        _shell.Dispose();
    }

    [Theory]
    [InlineData(
        "",
        "google/veo-3.1|google/veo-3.1-fast|google/veo-3.1-lite|bedrock/nova-reel-1.1|bedrock/nova-reel-1.0|bailian/happyhorse-1.0-t2v|bailian/happyhorse-1.0-i2v|bailian/happyhorse-1.0-r2v|bailian/happyhorse-1.0-video-edit|bailian/wan2.7-t2v|bailian/wan2.6-t2v|bailian/wan2.6-i2v"
    )]
    [InlineData("-Model veo-3.1-l", "google/veo-3.1-lite")]
    [InlineData("google/veo-3.1, google/veo-3.1-fast, veo", "google/veo-3.1-lite")]
    [InlineData("-Type image-to-video -Name ", "bailian/happyhorse-1.0-i2v|bailian/wan2.6-i2v")]
    [InlineData("-Provider g*, 'Amazon Bedrock' -Name 'nova", "'bedrock/nova-reel-1.1'|'bedrock/nova-reel-1.0'")]
    [InlineData("-Provider ", "'Google Vertex'|'Amazon Bedrock'|'Alibaba Bailian'")]
    [InlineData("-Provider \"a", "\"Amazon Bedrock\"|\"Alibaba Bailian\"")]
    [InlineData("-Provider 'google vertex', a", "'Amazon Bedrock'|'Alibaba Bailian'")]
    [InlineData("-Provider ver", "'Google Vertex'")]
    [InlineData("-Type reference-to-video -Provider ", "'Alibaba Bailian'")]
    [InlineData("-Type ", "text-to-video|image-to-video|reference-to-video|video-edit")]
    [InlineData("-Provider 'Google Vertex' -Type ", "text-to-video")]
    [InlineData("-Provider (Get-It) -Type video", "video-edit")]
    [InlineData("-Provider [ -Type video", "video-edit")]
    [InlineData("-Name veo* -Type ", "")]
    [InlineData("-Name *veo* -Type ", "text-to-video")]
    [InlineData("-Type text-to-video, image-to-video, ", "reference-to-video|video-edit")]
    [InlineData("-Type video-edit", "video-edit")]
    public void Each_parameter_is_completed_according_to_the_others(string line, string expected) =>
        string.Join('|', _shell.Texts($"Get-ChuiziVideoModel {line}")).ShouldBe(expected);

    [Fact]
    public void The_tooltip_of_a_type_lists_its_models() =>
        _shell
            .Tooltip("Get-ChuiziVideoModel -Type ", "image-to-video")
            .ShouldBe("2 models: bailian/happyhorse-1.0-i2v, bailian/wan2.6-i2v");

    [Theory]
    [InlineData("Name")]
    [InlineData("Provider")]
    [InlineData("Type")]
    public void An_inserted_completion_binds_unchanged_and_finds_models(string parameter)
    {
        foreach (string quote in (string[])["", "'", "\""])
        {
            string line = $"Get-ChuiziVideoModel -{parameter} {quote}";
            CommandCompletion completion = _shell.Complete(line);
            completion.CompletionMatches.ShouldNotBeEmpty();
            foreach (CompletionResult match in completion.CompletionMatches)
            {
                string pasted = Completions.Paste(line, completion, match);
                _shell.Bound(pasted, parameter).ShouldBe(new[] { match.ListItemText });
                _shell.Run(pasted).ShouldBeClean().Texts(parameter).Distinct().ShouldBe([match.ListItemText]);
            }
        }
    }
}
