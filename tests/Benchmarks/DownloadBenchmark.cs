using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// Downloads compared with curl, if it is installed: the same files from the same server to the same disk, in turn. The module also
/// hashes each file, checks that it is complete, and flushes it to disk before it gets its final name; curl does not.
/// </summary>
internal sealed class DownloadBenchmark : IDisposable
{
    private const long MiB = 1024 * 1024;
    private const long LargeFile = 256 * MiB;
    private const long SmallFile = 5 * MiB;
    private const int SmallFiles = 200;
    private const int Connections = 8;
    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(50);

    private const double AtMostForOne = 1.1;
    private const double AtMostForMany = 1;

    /// <summary>The most that the process may grow while it saves many files, in MiB.</summary>
    private const double MostGrowth = 8;

    private readonly string _root = Directory.CreateTempSubdirectory("chuizi-bench-").FullName;
    private readonly string? _curl = Tool.Version("curl");
    private readonly bool _hasSame = Tool.Version("openssl", "version") is not null && Tool.Version("sync") is not null;
    private readonly List<double> _growth = [];
    private readonly Report _report;

    private DownloadBenchmark(Report report) => _report = report;

    /// <summary>Measures one large file, and many small files.</summary>
    public static void Run(Report report)
    {
        using DownloadBenchmark downloads = new(report);
        if (downloads._curl is null || !downloads._hasSame)
        {
            report.Note("curl, openssl or sync is not installed: downloads were not measured against all three.");
        }

        downloads.Measure($"{LargeFile / MiB} MiB to disk", 1, LargeFile, TimeSpan.Zero);
        downloads.Measure(
            $"{SmallFiles} files of {SmallFile / MiB} MiB, {s_latency.TotalMilliseconds:0} ms latency, {Connections} at once",
            SmallFiles,
            SmallFile,
            s_latency);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Measure(string what, int files, long length, TimeSpan latency)
    {
        using SandboxProcess sandbox = new(padding: length, mediaLatency: latency);
        using ModuleHost host = ModuleHost.For(sandbox);
        IReadOnlyList<string> addresses = host.Read(
            $"$videos = @(1..{files} | ForEach-Object {{ \"a prompt $_\" }} | New-ChuiziVideo | Wait-ChuiziVideo -PollInterval 0.1); "
                + "$videos.Url.AbsoluteUri");
        _growth.Clear();
        double atMost = files == 1 ? AtMostForOne : AtMostForMany;
        List<(string What, Func<double> Run, double? AtMost)> ways = [($"{what}, Save-ChuiziVideo", () => Ours(host, files, length), null)];
        if (_curl is not null)
        {
            ways.Add(("curl", () => Curl(addresses, length, doesTheSame: false), atMost));
        }

        if (_curl is not null && _hasSame)
        {
            // Not sha256sum, which may not use the processor's SHA instructions. .NET uses OpenSSL here as well.
            ways.Add(("curl, then openssl dgst -sha256, then sync", () => Curl(addresses, length, doesTheSame: true), atMost));
        }

        if (files == 1 && Pwsh.Version is not null)
        {
            ways.Add(("Invoke-WebRequest -OutFile in pwsh, its start not counted", () => WebRequest(addresses[0], length), null));
        }

        List<double>[] seconds = Rounds.Alternate([.. ways.Select(way => way.Run)]);
        _report.Tell(ways[0].What, "s", seconds[0]);
        for (int way = 1; way < ways.Count; way++)
        {
            _report.Tell("  " + ways[way].What, "s", seconds[way]);
            _report.TellRatio("as a ratio", seconds[0], seconds[way], ways[way].AtMost);
        }

        _report.Tell("  growth of our process", "MiB", _growth[^Rounds.Count..], files == 1 ? null : MostGrowth);
    }

    private double WebRequest(string address, long length)
    {
        string folder = Empty();
        string seconds = Pwsh.Run(
            "param($address, $file) $ProgressPreference = 'SilentlyContinue'; $watch = [Diagnostics.Stopwatch]::StartNew(); "
                + "Invoke-WebRequest $address -OutFile $file; $watch.Elapsed.TotalSeconds",
            address, Path.Combine(folder, "1.mp4"));
        Check(folder, 1, length);
        return double.Parse(seconds, CultureInfo.InvariantCulture);
    }

    private double Ours(ModuleHost host, int files, long length)
    {
        string folder = Empty();
        using PeakMemory memory = new();
        double seconds = host.Time(
            $"param($folder) $videos | Save-ChuiziVideo $folder -Force -ThrottleLimit {Connections} | ForEach-Object {{ }}",
            ("folder", folder)
        ).TotalSeconds;
        _growth.Add(memory.Growth);
        Check(folder, files, length);
        return seconds;
    }

    private double Curl(IReadOnlyList<string> addresses, long length, bool doesTheSame)
    {
        string folder = Empty();
        string[] files =
        [
            .. addresses.Select((_, index) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{index}.mp4"))),
        ];
        TimeSpan time;
        if (addresses.Count == 1)
        {
            time = Tool.Time("curl", "-s", "-o", files[0], addresses[0]);
        }
        else
        {
            string list = Path.Combine(_root, "curl.txt");
            File.WriteAllLines(list, addresses.Zip(files, (address, file) => $"url = \"{address}\"\noutput = \"{file}\""));
            // Without --parallel-immediate, curl waits for its first response before it opens the other connections.
            time = Tool.Time(
                "curl",
                "-s",
                "--no-progress-meter",
                "--parallel",
                "--parallel-immediate",
                "--parallel-max",
                Connections.ToString(CultureInfo.InvariantCulture),
                "-K",
                list);
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

        // Flush the deletion now: otherwise the next flush, of either program, waits for it, and some disks are slow to free space.
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
            throw new InvalidOperationException($"Expected {files} complete files but found {found.Length}, or one is incomplete.");
        }
    }
}
