using System.Globalization;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>One batch with its sandbox, its files and its results so far.</summary>
internal sealed class Scene : IDisposable
{
    /// <summary>The beginning of each signature of an image, which must not be recorded or shown.</summary>
    public const string Signature = "s1gnature";

    private const string BudgetVariable = "CHUIZI_MONTHLY_BUDGET";

    private const string StateVariable = "XDG_STATE_HOME";

    private readonly SmallDisk _disk;
    private readonly BlobStorage _storage;
    private readonly string _folder;
    private readonly string? _blob;
    private readonly string? _state = Environment.GetEnvironmentVariable(StateVariable);

    /// <summary>Starts the sandbox and creates the folders.</summary>
    /// <param name="plan">The plan of the batch.</param>
    /// <param name="folder">The folder of the batch.</param>
    /// <param name="diskFolder">The folder of the batch on the small disk.</param>
    /// <param name="disk">The small disk.</param>
    /// <param name="storage">The storage server.</param>
    /// <param name="speed">How many times faster than real time the clocks run.</param>
    public Scene(BatchPlan plan, string folder, string diskFolder, SmallDisk disk, BlobStorage storage, double speed)
    {
        Plan = plan;
        _disk = disk;
        _storage = storage;
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
        Directory.CreateDirectory(ListFolder);
        Directory.CreateDirectory(Home);
        foreach (string prompt in plan.Prompts)
        {
            Allowed[prompt] = Allowed.GetValueOrDefault(prompt) + plan.Takes;
        }

        _blob = plan.UsesBlob && storage.IsThere ? storage.NewAddress() : null;
        // Elsewhere, the month's journal is in the folder of the user.
        Budget = OperatingSystem.IsLinux() ? plan.Budget : null;
        Environment.SetEnvironmentVariable(StateVariable, Path.Combine(folder, "state"));
        Environment.SetEnvironmentVariable(BudgetVariable, Budget?.ToString(CultureInfo.InvariantCulture));
    }

    public BatchPlan Plan { get; }

    public double Speed { get; }

    public FastClock ClientClock { get; }

    public FastClock ServerClock { get; }

    public SandboxServer Server { get; }

    public RequestWatch Watch { get; }

    /// <summary>The folder of the ledger and the videos.</summary>
    public string Home { get; }

    /// <summary>The file of the ledger, or a copy of the blob.</summary>
    public string Ledger => Path.Combine(Home, "run.jsonl");

    /// <summary>The value for -Ledger.</summary>
    public string LedgerArgument => _blob ?? Ledger;

    /// <summary>What gives access to the blob, which must not be shown or recorded; null without one.</summary>
    public string? LedgerSecret => _blob?[(_blob.IndexOf("sig=", StringComparison.Ordinal) + 4)..];

    /// <summary>The budget of the month in USD, or null for none.</summary>
    public decimal? Budget { get; }

    public string Saved => Path.Combine(Home, "out");

    /// <summary>
    /// How often each prompt may be accepted: once for each take of its rows, and once more for each rerun that re-submits it.
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

    /// <summary>The number of rows that get a new take because their videos were rejected.</summary>
    public int Retaken { get; set; }

    /// <summary>Adds a violation.</summary>
    public void Violate(string what) => Violations.Add(what);

    /// <summary>The folder of the list, and of the log of an unattended run.</summary>
    public string ListFolder => _folder + "-list";

    /// <summary>Writes the list in the form of the plan, and returns its path.</summary>
    public string WriteList() => BatchList.Write(Plan, ListFolder);

    /// <summary>Copies the blob to the file of the ledger.</summary>
    public void Refresh()
    {
        if (_blob is not null)
        {
            _storage.Download(_blob, Ledger);
        }
    }

    /// <summary>Replaces the lines of the ledger.</summary>
    public void ChangeLedger(Func<IEnumerable<string>, IEnumerable<string>> change)
    {
        Refresh();
        File.WriteAllLines(Ledger, change(File.ReadLines(Ledger)).ToArray());
        if (_blob is not null)
        {
            _storage.Upload(_blob, Ledger);
        }
    }

    /// <summary>The videos in the ledger. Empty without a ledger.</summary>
    public IReadOnlyList<Video> Recorded(out IReadOnlyList<string> damage)
    {
        damage = [];
        Refresh();
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

    /// <summary>Makes the temporary files of sidecars look an hour old, because what is new may belong to a running process.</summary>
    public void Age()
    {
        foreach (string part in Directory.Exists(Saved) ? Directory.GetFiles(Saved, "*.json.*.part") : [])
        {
            File.SetLastWriteTimeUtc(part, DateTime.UtcNow.AddHours(-1));
        }
    }

    /// <summary>Allows the submissions that a rerun with these switches may repeat.</summary>
    /// <param name="resubmit">Whether it repeats those whose outcome is unknown.</param>
    /// <param name="retryFailed">Whether it repeats those that failed.</param>
    /// <param name="workers">
    /// The processes that run it. Each repeats what is failed or unknown when it reads the list, also what another one has just submitted.
    /// </param>
    public void Allow(bool resubmit, bool retryFailed, int workers = 1)
    {
        if (!resubmit && !retryFailed)
        {
            return;
        }

        foreach (string prompt in Plan.Prompts)
        {
            Allowed[prompt] += (workers - 1) * Plan.Takes;
        }

        foreach (Video video in Recorded(out _))
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
        Environment.SetEnvironmentVariable(StateVariable, _state);
        Environment.SetEnvironmentVariable(BudgetVariable, null);
        if (Home != _folder)
        {
            _disk.Free();
        }

        foreach (string folder in (string[])[Home, _folder, ListFolder])
        {
            Delete(folder);
        }
    }

    private static void Delete(string folder)
    {
        for (int attempt = 1; Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < 100)
            {
                // A request that ended after its run is still being counted in a file of the state.
                Thread.Sleep(100);
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
