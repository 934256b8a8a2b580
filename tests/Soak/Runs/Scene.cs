using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>One batch with its sandbox, its files and all that has come of it so far.</summary>
internal sealed class Scene : IDisposable
{
    private readonly SmallDisk _disk;
    private readonly string _folder;

    /// <summary>Sets it up.</summary>
    /// <param name="plan">What was drawn.</param>
    /// <param name="folder">A folder of its own.</param>
    /// <param name="diskFolder">A folder of its own on the small disk.</param>
    /// <param name="disk">The small disk.</param>
    /// <param name="speed">How many times faster than the system's the clocks go.</param>
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
    /// How often each prompt may be accepted: once for each of its rows, and once more where a rerun was told to send it again.
    /// </summary>
    public Dictionary<string, int> Allowed { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The prompts that were known to be unknown when a rerun was told to send such again: the first job's id is given up.
    /// </summary>
    public HashSet<string> Resubmitted { get; } = new(StringComparer.Ordinal);

    /// <summary>The runs so far.</summary>
    public List<RunRecord> Runs { get; } = [];

    /// <summary>What is not as it must be.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>What happened besides the faults.</summary>
    public List<MishapKind> Happened { get; } = [];

    /// <summary>Whether reruns have made it whole.</summary>
    public bool IsHealing { get; set; }

    /// <summary>Notes a violation.</summary>
    public void Violate(string what) => Violations.Add(what);

    /// <summary>What the ledger says of each row; empty where there is none.</summary>
    public IReadOnlyList<Video> Recorded(out IReadOnlyList<string> damage)
    {
        damage = [];
        return File.Exists(Ledger) && new FileInfo(Ledger).Length > 0
            ? [.. LedgerListing.Read(Ledger, out damage).Select(entry => entry.Video)]
            : [];
    }

    /// <summary>The mishaps that are not for a process, as acts.</summary>
    public IEnumerable<(int Request, Action Act)> Acts(Action stop) =>
        Plan.Mishaps.Where(mishap => mishap.Kind < MishapKind.Kill).Select(mishap => (mishap.Request, (Action)(() => Do(mishap, stop))));

    /// <summary>No fault, no mishap any more, and room on the disk.</summary>
    public void Calm()
    {
        Server.Faults.Clear();
        if (Home != _folder)
        {
            _disk.Free();
        }
    }

    /// <summary>A rerun with these switches begins: what it may send again.</summary>
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
