namespace Chuizi.Video.Module.Tests.Commands;

public sealed class GetChuiziVideoModelTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("Get-ChuiziVideoModel", 12)]
    [InlineData("Get-ChuiziVideoModel google/*", 3)]
    [InlineData("Get-ChuiziVideoModel -Provider *bailian*", 7)]
    [InlineData("Get-ChuiziVideoModel -Type image-to-video", 2)]
    [InlineData("'google/veo-3.1', '*wan*' | Get-ChuiziVideoModel", 4)]
    [InlineData("Get-ChuiziVideoModel veo-3.1-lite", 1)]
    [InlineData("Get-ChuiziVideoModel wan*i2v", 1)]
    [InlineData("Get-ChuiziVideoModel nothing*", 0)]
    public void Models_are_found_by_name_provider_and_type(string script, int count)
    {
        _shell.Run(script).ShouldBeClean().Output.Count.ShouldBe(count);
        _shell.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_suggests_the_nearest()
    {
        ErrorRecord error = _shell.Run("Get-ChuiziVideoModel google/veo-3.2").TheError;

        error.FullyQualifiedErrorId.ShouldStartWith("ModelNotFound,");
        error.ToString().ShouldContain("did you mean 'google/veo-3.1'?");
    }

    [Fact]
    public void Online_adds_availability_and_prices_from_the_API()
    {
        Outcome outcome = _shell.Run("Get-ChuiziVideoModel -Online").ShouldBeClean();

        outcome.Values("Listed").ShouldAllBe(listed => true.Equals(listed));
        outcome.Values("Price").ShouldAllBe(price => price is decimal && (decimal)price > 0);
        outcome.Texts("PriceUnit").ShouldAllBe(unit => unit == "second");
        _shell.Run("Get-ChuiziVideoModel").Values("Price").ShouldAllBe(price => price == null, "the catalogue itself has no prices");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Online_marks_what_has_changed_since_the_ledgers_of_this_machine()
    {
        _shell.Run("Get-ChuiziVideoModel -Online").ShouldBeClean().Values("Change").ShouldAllBe(change => change == null);
        _shell
            .Run(
                """
                'a' | New-ChuiziVideo -Duration 4 -Model google/veo-3.1 -Ledger run.jsonl | Wait-ChuiziVideo
                'b' | New-ChuiziVideo -Duration 4 -Model google/veo-3.1-fast -Ledger run.jsonl | Wait-ChuiziVideo
                'c' | New-ChuiziVideo -Duration 4 -Model google/veo-3.1-lite -Ledger run.jsonl | Wait-ChuiziVideo
                'd' | New-ChuiziVideo -Duration 4 -Model bailian/wan2.6-t2v -Ledger run.jsonl | Wait-ChuiziVideo
                """)
            .ShouldBeClean();
        string ledger = Path.Combine(_shell.Folder, "run.jsonl");
        string text = File.ReadAllText(ledger);
        foreach ((string now, string before) in new[]
        {
            ("\"cost\":0.6", "\"cost\":0.4"), ("\"cost\":0.12", "\"cost\":0.2"), ("bailian/wan2.6-t2v", "bailian/wan1.0-t2v"),
        })
        {
            text.ShouldContain(now);
            text = text.Replace(now, before, StringComparison.Ordinal);
        }

        File.WriteAllText(ledger, text);
        Outcome outcome = _shell.Run("Get-ChuiziVideoModel -Online | Where-Object Change").ShouldBeClean();
        outcome.Output.Select(item => $"{item} {item.Properties["Change"].Value}").ShouldBe(
        [
            "google/veo-3.1-fast Dearer (was $0.10/s)",
            "google/veo-3.1-lite Cheaper (was $0.05/s)",
            "bailian/wan1.0-t2v Gone",
        ]);
        _shell.Run("Get-ChuiziVideoModel wan1.0-t2v -Online").ShouldBeClean().Values("Listed").ShouldBe([false]);
        _shell.Run("Get-ChuiziVideoModel veo-3.1-fast -Online | Out-String -Width 120").Output.Single().ToString()!
            .ShouldContain("Dearer (was $0.10/s); faster");
        _shell.Run("Get-ChuiziVideoModel").ShouldBeClean().Values("Change").ShouldAllBe(change => change == null);
    }
}
