using System.Globalization;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// Downloads against curl, where it is installed: the same files from the same server to the same disk, in turn. We also hash what
/// comes, look whether it is whole, and have it on the disk before it gets its name; curl does none of that.
/// </summary>
internal sealed class DownloadBenchmark : IDisposable
{
    private const long MiB = 1024 * 1024;
    private const long LargeFile = 256 * MiB;
    private const long SmallFile = 5 * MiB;
    private const int SmallFiles = 50;
    private const int Connections = 8;
    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(50);

    private readonly string _root = Directory.CreateTempSubdirectory("chuizi-bench-").FullName;
    private readonly string? _curl = Tool.Version("curl");
    private readonly bool _hasSame = Tool.Version("openssl", "version") is not null && Tool.Version("sync") is not null;
    private readonly List<double> _growth = [];

    /// <summary>Measures both.</summary>
    public void Run()
    {
        Console.WriteLine(_curl is null ? "curl is not installed: our own figures alone." : $"downloads against {string.Join(' ', _curl.Split(' ').Take(2))}");
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "off");
        Measure($"{LargeFile / MiB} MiB to disk", 1, LargeFile, TimeSpan.Zero, target: "1.25", growthTarget: "16");
        Measure(
            $"{SmallFiles} files of {SmallFile / MiB} MiB, {s_latency.TotalMilliseconds:0} ms latency, {Connections} at once",
            SmallFiles,
            SmallFile,
            s_latency,
            target: "1.3",
            growthTarget: null);
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", null);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Measure(string what, int files, long length, TimeSpan latency, string target, string? growthTarget)
    {
        using SandboxProcess sandbox = new(length, latency);
        using ModuleHost host = new();
        host.Import();
        host.Connect(sandbox.BaseAddress, sandbox.ApiKey);
        IReadOnlyList<string> addresses = host.Read(
            $"$videos = @(1..{files} | ForEach-Object {{ \"a prompt $_\" }} | New-ChuiziVideo | Wait-ChuiziVideo -PollInterval 0.1); $videos.Url.AbsoluteUri");
        _growth.Clear();
        List<Func<double>> ways = [() => Ours(host, files, length)];
        if (_curl is not null)
        {
            ways.Add(() => Curl(addresses, length, doesTheSame: false));
        }

        if (_curl is not null && _hasSame)
        {
            // Not sha256sum, which may know nothing of the processor's instructions for it; this is the library that .NET uses here.
            ways.Add(() => Curl(addresses, length, doesTheSame: true));
        }

        List<double>[] seconds = Results.Alternate([.. ways]);
        Results.Tell($"{what}, Save-ChuiziVideo", seconds[0], "s");
        if (seconds.Length > 1)
        {
            Results.Tell("  curl", seconds[1], "s");
            Results.TellRatio($"  as a ratio (target: at most {target})", seconds[0], seconds[1]);
        }

        if (seconds.Length > 2)
        {
            Results.Tell("  curl, then openssl dgst -sha256, then sync", seconds[2], "s");
            Results.TellRatio("  as a ratio", seconds[0], seconds[2]);
        }

        // Those of the warm-up do not count here either.
        Results.Tell($"  growth of our process{(growthTarget is null ? "" : $" (target: at most {growthTarget})")}", _growth[1..], "MiB");
    }

    private double Ours(ModuleHost host, int files, long length)
    {
        string folder = Empty();
        using PeakMemory memory = new();
        double seconds = host.Time(
            $"param($folder) $videos | Save-ChuiziVideo $folder -Force -ThrottleLimit {Connections} | ForEach-Object {{ }}", ("folder", folder)).TotalSeconds;
        _growth.Add(memory.Growth);
        Check(folder, files, length);
        return seconds;
    }

    private double Curl(IReadOnlyList<string> addresses, long length, bool doesTheSame)
    {
        string folder = Empty();
        string[] files = [.. addresses.Select((_, index) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{index}.mp4")))];
        TimeSpan time;
        if (addresses.Count == 1)
        {
            time = Tool.Time("curl", "-s", "-o", files[0], addresses[0]);
        }
        else
        {
            string list = Path.Combine(_root, "curl.txt");
            File.WriteAllLines(list, addresses.Zip(files, (address, file) => $"url = \"{address}\"\noutput = \"{file}\""));
            // Immediate: else curl's first answer is waited for before it opens the other connections.
            time = Tool.Time(
                "curl", "-s", "--no-progress-meter", "--parallel", "--parallel-immediate", "--parallel-max", Connections.ToString(CultureInfo.InvariantCulture), "-K", list);
        }

        if (doesTheSame)
        {
            time += Tool.Time("openssl", ["dgst", "-sha256", .. files]) + Tool.Time("sync", files);
        }

        Check(folder, addresses.Count, length);
        return time.TotalSeconds;
    }

    private string Empty()
    {
        string folder = Path.Combine(_root, "videos");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        // What was deleted is settled now: else the next flush, whose ever it is, waits for it, and some disks are slow to let go.
        using (FileStream settled = File.Create(Path.Combine(_root, "settled")))
        {
            for (byte time = 0; time < 2; time++)
            {
                settled.WriteByte(time);
                settled.Flush(flushToDisk: true);
            }
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    private static void Check(string folder, int files, long length)
    {
        FileInfo[] found = new DirectoryInfo(folder).GetFiles("*.mp4");
        if (found.Length != files || found.Any(file => file.Length < length))
        {
            throw new InvalidOperationException($"{found.Length} files of {files} came, or not whole.");
        }
    }
}
