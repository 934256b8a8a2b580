using System.Globalization;
using System.Security.Cryptography;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>
/// A batch whose process is killed repeatedly: no row is billed twice, no id is lost, no partial file has a final name, and rows
/// whose outcome is unknown are reported.
/// </summary>
[Trait("Repeats", "Many")]
[Trait("Speed", "Slow")]
public sealed class KillTests : IDisposable
{
    private const int Seed = 20261125;

    /// <summary>At most 11 requests come before a kill, two videos are unknown after it, and each of the other four takes three.</summary>
    private const int VideosPerKill = 6;

    /// <summary>At most 17 requests come before a kill, two rows are unknown after it, and each of the other six takes three.</summary>
    private const int RowsPerWorkerKill = 8;

    /// <summary>How many requests more than intended a batch may send before it is killed, however slow this machine is.</summary>
    private const int Overshoot = 2;

    private static readonly int s_workerKills = Repeats.Of(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-kill-").FullName;
    private readonly SandboxServer _server = SandboxServer.Start(new SandboxOptions
    {
        GenerationTime = TimeSpan.FromMilliseconds(100), GenerationTimeMaximum = TimeSpan.FromMilliseconds(900), Balance = 10_000,
        Latency = TimeSpan.FromMilliseconds(3), MediaLatency = TimeSpan.FromMilliseconds(3), Seed = Seed,
    });

    private int _most = int.MaxValue;

    public void Dispose()
    {
        Volatile.Write(ref _most, int.MaxValue);
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_batch_that_is_killed_at_random_moments_loses_nothing_and_pays_nothing_twice()
    {
        int kills = Repeats.Of(4);
        using ChildBatch batch = new(_server, _folder, kills * VideosPerKill, "-ThrottleLimit 2");
        KillAtRandom(batch, kills, new Random(Seed), () => ShouldBeConsistent(batch));

        batch.Start();
        string output = batch.AwaitEnd();

        Dictionary<string, Video> recorded = ShouldBeConsistent(batch);
        recorded.Keys.ShouldBe(batch.Prompts, ignoreOrder: true);
        List<int> unknown = [];
        foreach (Video video in recorded.Values)
        {
            video.Status.ShouldBeOneOf(VideoStatus.Succeeded, VideoStatus.Unknown);
            if (video.Status == VideoStatus.Succeeded)
            {
                File.Exists(video.Path).ShouldBeTrue(video.Prompt);
            }
            else
            {
                unknown.Add(int.Parse(video.Prompt![7..], CultureInfo.InvariantCulture));
            }
        }

        // Whether a kill leaves a row unknown depends on the moment.
        if (unknown.Count > 0)
        {
            string named = RowRanges.Describe(unknown);
            Words(output)
                .ShouldContain(
                    unknown.Count == 1
                        ? $"R{named[1..]}: Submitted at "
                        : $"Outcome unknown for {unknown.Count} rows of an earlier run: {named}. The first was submitted at ");
        }

        // A further run sends nothing.
        int requests = Work;
        batch.Start();
        batch.AwaitEnd();
        Work.ShouldBe(requests);
        TestContext.Current.SendDiagnosticMessage(
            $"{kills} kills over {batch.Prompts.Count} rows: {unknown.Count} rows unknown, {_server.Jobs.Count} jobs paid.");
    }

    [Fact]
    public void A_batch_of_takes_that_is_killed_pays_each_take_at_most_once()
    {
        const int Takes = 3;
        int kills = Repeats.Of(2);
        int rows = kills * VideosPerKill / Takes;
        using ChildBatch batch = new(_server, _folder, rows, $"-ThrottleLimit 2 -TakeCount {Takes}");
        KillAtRandom(batch, kills, new Random(Seed + 2), ShouldPayOnce);
        batch.Start();
        batch.AwaitEnd();

        ShouldPayOnce();
        Video[] videos = [.. LedgerListing.Read(batch.Ledger, out _).Select(entry => entry.Video)];
        videos.Select(video => (video.Prompt, video.Take)).ShouldBe(
            batch.Prompts.SelectMany(prompt => Enumerable.Range(1, Takes).Select(take => ((string?)prompt, (int?)take))),
            ignoreOrder: true);
        videos.ShouldAllBe(video =>
            video.Status == VideoStatus.Unknown || (video.Status == VideoStatus.Succeeded && File.Exists(video.Path)));
        videos.Count(video => video.Status == VideoStatus.Unknown).ShouldBeLessThanOrEqualTo(2 * kills, "two requests are under way at most");
        videos.Where(video => video.Path is not null).Select(video => Path.GetFileName(video.Path)).ShouldBeSubsetOf(
            Enumerable.Range(1, rows).SelectMany(row => Enumerable.Range(1, Takes).Select(take => $"{row}-{take}.mp4")));

        void ShouldPayOnce()
        {
            ILookup<string?, Video> recorded = !File.Exists(batch.Ledger)
                ? Array.Empty<Video>().ToLookup(video => video.Prompt)
                : LedgerListing.Read(batch.Ledger, out _).Select(entry => entry.Video).ToLookup(video => video.Prompt);
            foreach (IGrouping<string, SandboxJob> paid in _server.Jobs.GroupBy(job => job.Prompt))
            {
                string?[] known = [.. recorded[paid.Key].Where(video => video.Id is not null).Select(video => video.Id)];
                int lost = paid.Count(job => !known.Contains(job.Id));
                lost.ShouldBeLessThanOrEqualTo(
                    recorded[paid.Key].Count(video => video is { Id: null, Status: VideoStatus.Unknown }), paid.Key);
                recorded[paid.Key].Count().ShouldBeLessThanOrEqualTo(Takes);
            }
        }
    }

    [Fact]
    public async Task Workers_that_share_a_list_and_are_killed_pay_nothing_twice_and_finish_it()
    {
        using ChildBatch batch = new(_server, _folder, s_workerKills * RowsPerWorkerKill);
        await KillWorkersAsync(batch, batch.Ledger);
    }

    /// <summary>
    /// Workers on several machines: the ledger is a blob, one of twenty replies of the storage server is lost, others are errors, and only
    /// the lines of a run show that it is alive. The processes have fast clocks, because a dead run is watched for a minute.
    /// </summary>
    [Fact]
    public async Task Workers_that_share_a_blob_and_are_killed_pay_nothing_twice_and_finish_the_list()
    {
        Assert.SkipUnless(Azurite.IsInstalled, "azurite is not installed (npm install --global azurite).");
        using Azurite azurite = new();
        string container = await azurite.CreateContainerAsync();
        await using BlobProxy proxy = new(azurite.Address);
        Random random = new(Seed + 4);
        double Draw()
        {
            lock (random)
            {
                return random.NextDouble();
            }
        }

        proxy.LosesReply = _ => Draw() < 0.05;
        proxy.Fault = _ => Draw() switch
        {
            < 0.01 => RawReply.Of(500, []),
            < 0.02 => RawReply.Of(503, []),
            < 0.03 => new RawReply([], Close: true),
            _ => null,
        };
        string url = proxy.AddressOf($"{container}/run.jsonl?{Azurite.Sign(container)}");
        using ChildBatch batch = new(_server, _folder, s_workerKills * RowsPerWorkerKill, ledger: url, speed: 20);
        await KillWorkersAsync(batch, LedgerAddress.Accept($"{container}/run.jsonl?{Azurite.Sign(container)}"));
    }

    /// <summary>
    /// What an engine does: it runs the same batch command in several processes at once, kills them, and starts each again until it ends
    /// with 0 or 3.
    /// </summary>
    private async Task KillWorkersAsync(ChildBatch batch, string ledger)
    {
        const int Workers = 3;
        int killed = 0;
        Random random = new(Seed + 3);
        Lock gate = new();
        int[] untils = new int[Workers];
        HoldRequests();

        ChildResult[] ends = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => Work(worker))));

        killed.ShouldBe(s_workerKills);
        // The lines of a blob do not show yet that a killed run is dead.
        Func<Video, bool> isUnknown = video => video is { Id: null, Status: VideoStatus.Unknown or VideoStatus.Processing };
        Video[] videos = [.. LedgerListing.Read(ledger, out IReadOnlyList<string> damage).Select(entry => entry.Video)];
        damage.ShouldBeEmpty();
        videos.Select(video => video.Prompt).ShouldBe(batch.Prompts, ignoreOrder: true);
        videos.ShouldAllBe(video =>
            isUnknown(video) || (video.Status == VideoStatus.Succeeded && File.Exists(video.Path)));
        videos.Count(isUnknown).ShouldBeLessThanOrEqualTo(ChildBatch.WorkerThrottle * killed);
        _server.Jobs.GroupBy(job => job.Prompt).ShouldAllBe(row => row.Count() == 1);
        videos.Where(video => video.Id is not null).Select(video => video.Id)
            .ShouldBeSubsetOf(_server.Jobs.Select(job => (string?)job.Id));
        Directory.GetFiles(batch.Saved).Select(Path.GetFileName).ShouldBe(
            videos.Where(video => video.Path is not null).Select(video => Path.GetFileName(video.Path)), ignoreOrder: true);
        int code = videos.All(video => video.Status == VideoStatus.Succeeded) ? 0 : 3;
        ends.ShouldAllBe(end => end.ExitCode == code && !end.Text.Contains("in use", StringComparison.Ordinal));

        ChildResult Work(int worker)
        {
            while (true)
            {
                using ChildProcess process = batch.StartAnother("worker.ps1");
                int until;
                lock (gate)
                {
                    until = untils[worker] = this.Work + random.Next(2, 16);
                    HoldUntilKilled();
                }

                Eventually.Is(() => process.HasExited || this.Work >= until, "the requests before the kill");

                lock (gate)
                {
                    if (killed < s_workerKills && !process.HasExited)
                    {
                        process.Kill();
                        killed++;
                        HoldUntilKilled();
                        continue;
                    }
                }

                ChildResult end = process.WaitForEnd();
                if (end.ExitCode is 0 or 3)
                {
                    return end;
                }
            }
        }

        void HoldUntilKilled() => Volatile.Write(ref _most, killed < s_workerKills ? untils.Max() + Overshoot : int.MaxValue);
    }

    [Fact]
    public void The_spending_limit_holds_through_crashes_and_reruns()
    {
        Random random = new(Seed + 1);
        // 60 rows cost 7.20 USD; the limit of 2 USD pays for 16.
        using ChildBatch batch = new(_server, _folder, 60, "-ThrottleLimit 4 -MaxCost 2");
        for (int round = 0; round < 3; round++)
        {
            int until = _server.Jobs.Count + random.Next(1, 5);
            ChildProcess process = batch.Start();
            Eventually.Is(() => process.HasExited || _server.Jobs.Count >= until, "the requests before the kill");

            process.Kill();
            _server.Jobs.Sum(job => job.Cost).ShouldBeLessThanOrEqualTo(2);
        }

        batch.Start();
        batch.AwaitEnd().ShouldContain("-MaxCost");
        _server.Jobs.Sum(job => job.Cost).ShouldBeLessThanOrEqualTo(2);
        // Rows whose outcome is unknown count as spent, whether billed or not. With them, the limit is used up.
        int counted = LedgerListing.Read(batch.Ledger, out _).Count(entry => entry.Video.Status != VideoStatus.Skipped);
        counted.ShouldBe(16);
    }

    /// <summary>Starts and kills the batch, which has too many videos to end before the last kill.</summary>
    private void KillAtRandom(ChildBatch batch, int kills, Random random, Action check)
    {
        HoldRequests();
        for (int killed = 0; killed < kills; killed++)
        {
            // Kills follow the request count, so they spread evenly over submissions, polls and downloads: six requests per kill.
            int until = Work + random.Next(1, 10);
            Volatile.Write(ref _most, until + Overshoot);
            ChildProcess process = batch.Start();
            Eventually.Is(() => process.HasExited || Work >= until, "the requests before the kill");

            process.HasExited.ShouldBeFalse("the batch is not finished");
            Thread.SpinWait(random.Next(200_000));
            process.Kill();
            Volatile.Write(ref _most, int.MaxValue);
            check();
        }
    }

    /// <summary>Holds the requests after a number that the test sets, so that no kill comes too late.</summary>
    private void HoldRequests() => _server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Match = _ =>
    {
        while (Work > Volatile.Read(ref _most))
        {
            Thread.Sleep(1);
        }

        return false;
    } });

    /// <summary>The text of an error without the line breaks of the console.</summary>
    private static string Words(string output) =>
        string.Join(' ', output.Split([' ', '\n', '\r', '|'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The number of submissions, polls and downloads so far.</summary>
    private int Work => _server.Requests.Count(request => request.Route is SandboxRoute.Submit or SandboxRoute.Poll or SandboxRoute.Media);

    private Dictionary<string, Video> ShouldBeConsistent(ChildBatch batch)
    {
        _server.Jobs.GroupBy(job => job.Prompt).Where(jobs => jobs.Count() > 1).ShouldBeEmpty("paid twice");
        IReadOnlyList<string> damage = [];
        Dictionary<string, Video> recorded = !File.Exists(batch.Ledger) ? [] : LedgerListing.Read(batch.Ledger, out damage)
            .Select(entry => entry.Video).GroupBy(video => video.Prompt!).ToDictionary(videos => videos.Key, videos => videos.First());
        damage.ShouldBeEmpty();
        foreach (SandboxJob job in _server.Jobs)
        {
            Video video = recorded[job.Prompt];
            (video.Id == job.Id || (video.Id is null && video.Status == VideoStatus.Unknown)).ShouldBeTrue(
                $"{job.Prompt} is {job.Id}, and the ledger says {video.Id} {video.Status}");
        }

        foreach (string file in Directory.Exists(batch.Saved) ? Directory.GetFiles(batch.Saved, "*.mp4") : [])
        {
            recorded
                .Values.Single(video => video.Path == file)
                .Sha256.ShouldBe(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))).ToLowerInvariant(), file);
        }

        return recorded;
    }
}
