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

    /// <summary>The number of plans among which one suits a sabotage.</summary>
    private const int MostTries = 500;

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
        InFolder((root, disk, storage) =>
        {
            Random seeds = new(options.Seed);
            int batches = options.Only is null ? options.Batches : 1;
            for (int number = 1; number <= batches && _time.Elapsed.TotalMinutes < options.Minutes && _violated < MostViolated; number++)
            {
                RunOne(PlanDrawer.Draw(options.Only ?? seeds.Next()), number, root, disk, storage);
            }
        });
        CheckProcess(sockets);
        Tell();
        return _violations;
    }

    /// <summary>Breaks each promise in a batch, and returns the number of promises whose violation was not noticed.</summary>
    public int Prove()
    {
        int missed = 0;
        InFolder((root, disk, storage) =>
        {
            int number = 0;
            Random seeds = new(options.Seed);
            foreach (Sabotage sabotage in Enum.GetValues<Sabotage>().Where(one => one != Sabotage.None))
            {
                if (sabotage == Sabotage.TellSignature && !storage.IsThere)
                {
                    Console.WriteLine($"{sabotage}: left out, because there is no storage server.");
                    continue;
                }

                (bool isDone, IReadOnlyList<string> violations) = (false, []);
                for (int tries = 0; !isDone && tries < MostTries; tries++)
                {
                    BatchPlan plan = PlanDrawer.Draw(seeds.Next());
                    if (Suits(sabotage, plan))
                    {
                        (isDone, violations) = RunBatch(plan, ++number, root, disk, storage, sabotage);
                    }
                }

                string expected = Saboteur.Expected(sabotage);
                bool isNoticed = violations.Any(violation => violation.StartsWith(expected, StringComparison.Ordinal));
                missed += isNoticed ? 0 : 1;
                Console.WriteLine(
                    isNoticed ? $"{sabotage}: noticed: {expected}" : $"{sabotage}: NOT NOTICED: {string.Join(" | ", violations)}");
            }
        });
        return missed;
    }

    /// <summary>Whether a batch can be expected to have what a sabotage needs, and is short.</summary>
    private static bool Suits(Sabotage sabotage, BatchPlan plan) =>
        plan is { IsChild: false, UsesSmallDisk: false, End: BatchEnd.None, Faults.Count: <= 6 } && sabotage switch
        {
            Sabotage.Overspend => plan.Budget is not null,
            Sabotage.LoseVerdict => plan is { Rejects: > 0, IsShort: false },
            Sabotage.HideErrors => plan is { Summarizes: false, StopsOnError: false, Prompts.Count: > 8 },
            Sabotage.Exaggerate => plan.Summarizes,
            Sabotage.LogKey => plan.IsUnattended && plan.Form is not (ListForm.Tabs or ListForm.Json or ListForm.JsonLines),
            Sabotage.TellSignature => plan.UsesBlob,
            // Of a row with an unknown take, an id may be missing.
            Sabotage.LoseId => plan is { HasLedger: true, Takes: 1, Faults.Count: 0 },
            Sabotage.LeakFile => plan is { HasLedger: true, UsesBlob: false },
            _ => !plan.Summarizes,
        };

    private static void InFolder(Action<string, SmallDisk, BlobStorage> run)
    {
        string root = Directory.CreateTempSubdirectory("chuizi-soak-").FullName;
        try
        {
            using SmallDisk disk = new(Path.Combine(root, "disk"));
            using BlobStorage storage = new();
            run(root, disk, storage);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private (bool IsSabotaged, IReadOnlyList<string> Violations) RunBatch(
        BatchPlan plan, int number, string root, SmallDisk disk, BlobStorage storage, Sabotage sabotage)
    {
        string name = number.ToString(CultureInfo.InvariantCulture);
        using Scene scene = new(plan, Path.Combine(root, name), Path.Combine(root, "disk", name), disk, storage, options.Speed);
        Batch batch = new(scene, _watch, _tally, sabotage);
        try
        {
            IReadOnlyList<string> violations = batch.Run();
            return (batch.IsSabotaged, violations);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return (batch.IsSabotaged, [$"The campaign itself failed: {exception}"]);
        }
    }

    private void RunOne(BatchPlan plan, int number, string root, SmallDisk disk, BlobStorage storage)
    {
        IReadOnlyList<string> violations = RunBatch(plan, number, root, disk, storage, options.Sabotage).Violations;
        foreach (string violation in violations)
        {
            Violate(violation);
        }

        if (violations.Count > 0)
        {
            _violated++;
            Console.WriteLine(plan.Describe());
            Console.WriteLine(
                $"The seed of this batch is {plan.Seed}. To repeat it: ./build.sh soak --only {plan.Seed} --speed "
                    + $"{options.Speed.ToString(CultureInfo.InvariantCulture)}");
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
