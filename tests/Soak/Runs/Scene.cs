using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>One batch with its sandbox, its files and its results so far.</summary>
internal sealed class Scene : IDisposable
{
    /// <summary>The beginning of each signature of an image, which must not be recorded or shown.</summary>
    public const string Signature = "s1gnature";

    private readonly SmallDisk _disk;
    private readonly string _folder;

    /// <summary>Starts the sandbox and creates the folders.</summary>
    /// <param name="plan">The plan of the batch.</param>
    /// <param name="folder">The folder of the batch.</param>
    /// <param name="diskFolder">The folder of the batch on the small disk.</param>
    /// <param name="disk">The small disk.</param>
    /// <param name="speed">How many times faster than real time the clocks run.</param>
    public Scene(BatchPlan plan, string folder, string diskFolder, SmallDisk disk, double speed)
    {
        Plan = plan;
        _disk = disk;
        _folder = folder;
        Speed = speed;
        ClientClock = new FastClock(speed);
        ServerClock = new FastClock(speed);
        SandboxOptions drawn = plan.Sandbox;
        Server = SandboxServer.Start(
            new SandboxOptions
            {
                ApiKey = drawn.ApiKey,
                GenerationTime = drawn.GenerationTime,
                GenerationTimeMaximum = drawn.GenerationTimeMaximum,
                RequestsPerMinute = drawn.RequestsPerMinute,
                Shape = drawn.Shape,
                WrapKeyInfo = drawn.WrapKeyInfo,
                Balance = drawn.Balance,
                Seed = drawn.Seed,
                VideoPadding = drawn.VideoPadding,
                Clock = ServerClock,
            });
        Watch = new RequestWatch(Server);
        Home = plan.UsesSmallDisk && disk.IsThere ? diskFolder : folder;
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Home);
        foreach (string prompt in plan.Prompts)
        {
            Allowed[prompt] = Allowed.GetValueOrDefault(prompt) + 1;
        }
    }

    public BatchPlan Plan { get; }

    public double Speed { get; }

    public FastClock ClientClock { get; }

    public FastClock ServerClock { get; }

    public SandboxServer Server { get; }

    public RequestWatch Watch { get; }

    /// <summary>The folder of the ledger and the videos.</summary>
    public string Home { get; }

    public string Ledger => Path.Combine(Home, "run.jsonl");

    public string Saved => Path.Combine(Home, "out");

    /// <summary>
    /// How often each prompt may be accepted: once for each of its rows, and once more for each rerun that re-submits it.
    /// </summary>
    public Dictionary<string, int> Allowed { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The prompts whose outcome was unknown and that a rerun with -Resubmit sent again, so that the first job's id may be lost.
    /// </summary>
    public HashSet<string> Resubmitted { get; } = new(StringComparer.Ordinal);

    /// <summary>The runs so far.</summary>
    public List<RunRecord> Runs { get; } = [];

    /// <summary>The broken promises.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>The mishaps so far.</summary>
    public List<MishapKind> Happened { get; } = [];

    /// <summary>Whether reruns have finished the batch.</summary>
    public bool IsHealing { get; set; }

    /// <summary>Adds a violation.</summary>
    public void Violate(string what) => Violations.Add(what);

    /// <summary>The videos in the ledger. Empty without a ledger.</summary>
    public IReadOnlyList<Video> Recorded(out IReadOnlyList<string> damage)
    {
        damage = [];
        return File.Exists(Ledger) && new FileInfo(Ledger).Length > 0
            ? [.. LedgerListing.Read(Ledger, out damage).Select(entry => entry.Video)]
            : [];
    }

    /// <summary>The actions for all mishaps but signals to a child process.</summary>
    public IEnumerable<(int Request, Action Act)> Acts(Action stop) =>
        Plan.Mishaps.Where(mishap => mishap.Kind < MishapKind.Kill).Select(mishap => (mishap.Request, (Action)(() => Do(mishap, stop))));

    /// <summary>Removes all faults, and frees the disk.</summary>
    public void Calm()
    {
        Server.Faults.Clear();
        if (Home != _folder)
        {
            _disk.Free();
        }
    }

    /// <summary>Allows the submissions that a rerun with these switches may repeat.</summary>
    public void Allow(bool resubmit, bool retryFailed)
    {
        foreach (Video video in resubmit || retryFailed ? Recorded(out _) : [])
        {
            if ((resubmit && video.Status == VideoStatus.Unknown) || (retryFailed && video.Status == VideoStatus.Failed))
            {
                Allowed[video.Prompt!] = Allowed.GetValueOrDefault(video.Prompt!) + 1;
                if (video.Status == VideoStatus.Unknown)
                {
                    Resubmitted.Add(video.Prompt!);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Server.Dispose();
        if (Home != _folder)
        {
            _disk.Free();
        }

        foreach (string folder in (string[])[Home, _folder])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private void Do(Mishap mishap, Action stop)
    {
        Happened.Add(mishap.Kind);
        switch (mishap.Kind)
        {
            case MishapKind.ClientLeap:
                ClientClock.Leap(mishap.Time);
                break;
            case MishapKind.ServerLeap:
                ServerClock.Leap(mishap.Time);
                break;
            case MishapKind.Sleep:
                ClientClock.Sleep(mishap.Time);
                break;
            case MishapKind.FullDisk when Home != _folder:
                _disk.Fill(Plan.DiskLeaves);
                break;
            case MishapKind.Stop:
                stop();
                break;
        }
    }
}
