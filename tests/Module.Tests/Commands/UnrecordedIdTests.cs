namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>A ledger that fails during submissions: the error messages are the only record of the ids.</summary>
[Trait("Speed", "Medium")]
public sealed class UnrecordedIdTests : IDisposable
{
    private readonly Shell _shell = new(new SandboxOptions { Balance = 1000, GenerationTime = TimeSpan.FromHours(1) });

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("-ErrorAction Stop")]
    public void The_error_shows_the_id_of_a_submitted_video_and_does_not_claim_that_nothing_was_sent(string preference)
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Match = _ =>
        {
            BreakLedger(_shell);
            return false;
        } });
        Outcome outcome = _shell.Run($"New-ChuiziVideo 'p' -Ledger run.jsonl {preference}");

        string id = _shell.Server.Jobs.Single().Id;
        string said = Said(outcome);
        said.ShouldContain($"The video {id} was submitted, but its id could not be recorded in the ledger. Keep this id: ");
        said.ShouldNotContain("Nothing is sent");
        outcome.Texts("Id").ShouldBe([id]);
    }

    [Fact]
    public void Under_ErrorAction_Stop_one_error_lists_all_ids()
    {
        using Shell shell = new(new SandboxOptions { Balance = 1000, GenerationTime = TimeSpan.FromHours(1) });
        shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 400,
                Code = "validation_error",
                Route = SandboxRoute.Submit,
                // No response leaves before all requests have arrived.
                Match = _ =>
                {
                    Eventually.Is(() => shell.Server.Requests.Count(request => request.Route == SandboxRoute.Submit) == 3, "the requests");
                    BreakLedger(shell);
                    return true;
                },
            });
        Outcome outcome = shell.Run(
            "$videos = 1..3 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -Ledger run.jsonl -ThrottleLimit 3 -ErrorAction Stop");

        shell.Server.Jobs.Count.ShouldBe(2);
        string said = Said(outcome);
        shell.Server.Jobs.ShouldAllBe(job => said.Contains(job.Id, StringComparison.Ordinal), said);
    }

    private static string Said(Outcome outcome) =>
        string.Join(
            Environment.NewLine,
            outcome
                .Errors.Append(outcome.Terminating)
                .OfType<ErrorRecord>()
                .Select(error => error.ErrorDetails?.Message ?? error.ToString()));

    /// <summary>Makes the ledger unwritable.</summary>
    private static void BreakLedger(Shell shell)
    {
        string ledger = Path.Combine(shell.Folder, "run.jsonl");
        File.Delete(ledger);
        Directory.CreateDirectory(ledger);
    }
}
