using System.Globalization;
using Chuizi.Video;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;

// A run of its own process over a ledger, for the tests: it claims rows as New-ChuiziVideo does, and sends nothing.
//   claim <ledger> <origin> <rows> <at once>   claims all rows, in an order of its own, and records an id for each that it got
//   hold <ledger> <origin>                     claims one row, says so, and stays until it is killed or its input ends
string path = args[1];
SubmissionTerms terms = new() { Origin = args[2], Deduplicates = true };
using SubmissionLog log = new(VideoLedger.At(path), terms);

if (args[0] == "hold")
{
    Claim held = await log.ClaimAsync(Row(0));
    Console.WriteLine(held.Intent!.Run);
    Console.In.ReadToEnd();
    return 0;
}

int[] rows = [.. Enumerable.Range(0, int.Parse(args[3], CultureInfo.InvariantCulture))];
Random.Shared.Shuffle(rows);
// All processes begin together.
Console.WriteLine("ready");
Console.ReadLine();
await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = int.Parse(args[4], CultureInfo.InvariantCulture) }, async (row, _) =>
{
    Claim claim = await log.ClaimAsync(Row(row));
    if (claim.Intent is not null)
    {
        await log.TakenAsync(claim, new VideoState { Id = $"vid-{Environment.ProcessId}-{row}", Status = VideoStatus.Processing });
        Console.WriteLine(row);
    }
});
return 0;

static Submission Row(int row) => new(row, new VideoRequest { Model = "google/veo-3.1-lite", Prompt = $"Prompt {row}\nü" }, $"1-test#{row}", 0.1m);
