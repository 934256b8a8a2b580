using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Soak.Checks;
using Chuizi.Video.Soak.Plans;
using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak;

/// <summary>Runs batches until the number or the time is reached.</summary>
internal sealed class Campaign(SoakOptions options)
{
    /// <summary>The campaign ends after this many batches with violations.</summary>
    private const int MostViolated = 20;

    /// <summary>The number of batches after which one-time allocations are done.</summary>
    private const int WarmUp = 20;

    /// <summary>The number of threads that a pool may gain or lose at any time.</summary>
    private const int ThreadSlack = 24;

    /// <summary>The number of handles that the runtime may add after warm-up.</summary>
    private const int HandleSlack = 16;

    private readonly Tally _tally = new();
    private readonly ProcessWatch _watch = new();
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private int _violations;
    private int _violated;
    private int _threads;
    private int _handles;

    /// <summary>Runs the campaign, and returns the number of violations.</summary>
    public int Run()
    {
        int sockets = ProcessWatch.Sockets;
        string root = Directory.CreateTempSubdirectory("chuizi-soak-").FullName;
        try
        {
            using SmallDisk disk = new(Path.Combine(root, "disk"));
            Random seeds = new(options.Seed);
            int batches = options.Only is null ? options.Batches : 1;
            for (int number = 1; number <= batches && _time.Elapsed.TotalMinutes < options.Minutes && _violated < MostViolated; number++)
            {
                RunOne(options.Only ?? seeds.Next(), number, root, disk);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        CheckProcess(sockets);
        Tell();
        return _violations;
    }

    private void RunOne(int seed, int number, string root, SmallDisk disk)
    {
        BatchPlan plan = PlanDrawer.Draw(seed);
        string name = number.ToString(CultureInfo.InvariantCulture);
        using (Scene scene = new(plan, Path.Combine(root, name), Path.Combine(root, "disk", name), disk, options.Speed))
        {
            IReadOnlyList<string> violations;
            try
            {
                violations = new Batch(scene, _watch, _tally, options.Sabotage).Run();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                violations = [$"The campaign itself failed: {exception}"];
            }

            foreach (string violation in violations)
            {
                Violate(violation);
            }

            if (violations.Count > 0)
            {
                _violated++;
                Console.WriteLine(plan.Describe());
                Console.WriteLine(
                    $"The seed of this batch is {seed}. To repeat it: ./build.sh soak --only {seed} --speed "
                        + $"{options.Speed.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        if (number == WarmUp)
        {
            _threads = ProcessWatch.Threads;
            _handles = ProcessWatch.OtherHandles;
        }

        if (number % 100 == 0 || options.Only is not null)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_time.Elapsed:hh\\:mm\\:ss}: {number} batches, {_violations} violations, {ProcessWatch.Threads} threads, "
                        + $"{ProcessWatch.Sockets} sockets, {GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB"));
        }
    }

    private void Violate(string what)
    {
        _violations++;
        _tally.CountViolation(what);
        Console.WriteLine($"VIOLATION {what}");
    }

    /// <summary>Checks that the process holds no more sockets, threads and handles than near the beginning.</summary>
    private void CheckProcess(int sockets)
    {
        // The module's pool keeps idle connections for a minute. Disposing it closes them now.
        HttpPool.For(new Uri("http://127.0.0.1/")).Dispose();
        if (!ProcessWatch.Eventually(() => ProcessWatch.Sockets <= sockets))
        {
            Violate(
                $"Leaked: {ProcessWatch.Sockets} sockets are open, {sockets} were at the beginning: {string.Join("; ", ProcessWatch.SocketStates())}"
            );
        }

        if (_threads > 0 && !ProcessWatch.Eventually(() => ProcessWatch.Threads <= _threads + ThreadSlack))
        {
            Violate($"Leaked: {ProcessWatch.Threads} threads, {_threads} after {WarmUp} batches.");
        }

        if (_threads > 0 && !ProcessWatch.Eventually(() => ProcessWatch.OtherHandles <= _handles + HandleSlack))
        {
            Violate($"Leaked: {ProcessWatch.OtherHandles} handles other than sockets, {_handles} after {WarmUp} batches.");
        }
    }

    private void Tell()
    {
        _tally.Add("violations", "all", 0);
        string heading = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}: {_tally.Batches} batches from seed {options.Seed} in {_time.Elapsed:hh\\:mm\\:ss}, {_violations} violations."
        );
        string markdown = _tally.ToMarkdown(heading);
        Console.WriteLine();
        Console.WriteLine(markdown);
        foreach (string report in options.Reports)
        {
            File.WriteAllText(report, report.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? _tally.ToJson() : markdown);
        }
    }
}
