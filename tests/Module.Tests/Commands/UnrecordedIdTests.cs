namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>A ledger that fails during submissions: the error messages are the only record of the ids.</summary>
public sealed class UnrecordedIdTests : IDisposable
{
    private readonly Shell _shell = new(new SandboxOptions { Balance = 1000, GenerationTime = TimeSpan.FromHours(1) });
    private int _seen;

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("-ErrorAction Stop")]
    public void The_error_shows_the_id_of_a_submitted_video_and_does_not_claim_that_nothing_was_sent(string preference)
    {
        BreakLedgerAt(_shell, 1);
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
        // The requests, which are sent together, must arrive before the first response leaves.
        using Shell shell = new(
            new SandboxOptions { Balance = 1000, GenerationTime = TimeSpan.FromHours(1), Latency = TimeSpan.FromSeconds(3) });
        shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 400,
                Code = "validation_error",
                Route = SandboxRoute.Submit,
            });
        BreakLedgerAt(shell, 5);
        Outcome outcome = shell.Run(
            "$videos = 1..6 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -Ledger run.jsonl -ThrottleLimit 6 -ErrorAction Stop");

        shell.Server.Jobs.Count.ShouldBe(5);
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

    /// <summary>Makes the ledger unwritable when the server receives the request with this number.</summary>
    private void BreakLedgerAt(Shell shell, int request) => shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Match = _ =>
    {
        if (Interlocked.Increment(ref _seen) == request)
        {
            string ledger = Path.Combine(shell.Folder, "run.jsonl");
            File.Delete(ledger);
            Directory.CreateDirectory(ledger);
        }

        return false;
    } });
}
