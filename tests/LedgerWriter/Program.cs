using System.Globalization;
using Chuizi.Video;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;

// Tests start this program to use a ledger or a request window from another process. It claims rows as New-ChuiziVideo does, and sends
// nothing.
//   claim <ledger> <origin> <rows> <at once>   claims all rows in random order and records an id for each one that it got
//   hold <ledger> <origin>                     claims one row, reports it, and waits until it is killed or its input ends
//   request <folder> <identity> <limit> <count>   takes that many tickets, reports them, and waits until it is killed
//   lock <folder> <identity>   locks the file of the request window, reports it, and waits until it is killed
if (args[0] is "request" or "lock")
{
    SharedStateFile file = new(args[1], args[2]);
    if (args[0] == "lock")
    {
        return file.TryUpdate(_ => Wait("locked")) ? 0 : 1;
    }

    int limit = int.Parse(args[3], CultureInfo.InvariantCulture);
    int count = int.Parse(args[4], CultureInfo.InvariantCulture);
    RequestBudget budget = new(TimeProvider.System, Random.Shared.NextDouble, file) { UserLimit = limit };
    int taken = Enumerable.Range(0, count).Count(_ => budget.TryTake(RequestClass.Submit, out RequestTicket? _));
    Wait($"{taken}");
    return 0;
}

string path = LedgerAddress.Of(args[1]) is null ? args[1] : LedgerAddress.Accept(args[1]);
SubmissionTerms terms = new() { Origin = args[2], Deduplicates = true };
using SubmissionClaims log = new(VideoLedger.At(path), terms, new CostEstimator(terms.Origin, null, null));

if (args[0] == "hold")
{
    LedgerRecord? held = await log.ClaimAsync(Row(0));
    Console.WriteLine(held!.Run);
    Console.In.ReadToEnd();
    return 0;
}

int[] rows = [.. Enumerable.Range(0, int.Parse(args[3], CultureInfo.InvariantCulture))];
Random.Shared.Shuffle(rows);

// The test starts all processes at the same moment.
Console.WriteLine("ready");
Console.ReadLine();
await Parallel.ForEachAsync(
    rows,
    new ParallelOptions { MaxDegreeOfParallelism = int.Parse(args[4], CultureInfo.InvariantCulture) },
    async (row, _) =>
    {
        if (await log.ClaimAsync(Row(row)) is { } intent)
        {
            await log.SubmittedAsync(intent, new VideoState { Id = $"vid-{Environment.ProcessId}-{row}", Status = VideoStatus.Processing });
            Console.WriteLine(row);
        }
    });
return 0;

static byte[]? Wait(string report)
{
    Console.WriteLine(report);
    Console.In.ReadToEnd();
    return null;
}

static PlannedRow Row(int row)
{
    VideoRequest request = new() { Model = "google/veo-3.1-lite", Prompt = $"Prompt {row}\nü" };
    return new PlannedRow(row, new CheckedRow(row, request, [], []), $"1-test#{row}", new CostEstimate(0.1m), default);
}
