using System.Globalization;

namespace Chuizi.Video.Soak.Plans;

/// <summary>Draws a batch from a seed. The same seed gives the same plan on every machine.</summary>
internal sealed class PlanDrawer(int seed)
{
    /// <summary>The cost in USD of each video of a batch with a limit: 4 s of the default model for a text.</summary>
    private const decimal PriceOfText = 0.12m;

    /// <summary>The cost in USD if the rows have an image: 4 s of the default model for one.</summary>
    private const decimal PriceOfImage = 0.32m;

    /// <summary>One in this many batches runs in a separate process.</summary>
    private const int ChildShare = 12;

    private const int MostStarts = 3;

    private static readonly int s_forms = Enum.GetValues<ListForm>().Length;

    private readonly Random _random = new(seed);

    /// <summary>Draws the plan of a batch.</summary>
    public static BatchPlan Draw(int seed) => new PlanDrawer(seed).Draw();

    private BatchPlan Draw()
    {
        bool isChild = _random.Next(ChildShare) == 0;
        int rows = One(4) ? _random.Next(1, 4) : _random.Next(1, isChild ? 16 : 41);
        bool repeats = One(8);
        string[] prompts = [.. Enumerable.Range(1, rows).Select(row => Prompt(repeats ? _random.Next(1, (rows / 2) + 2) : row))];
        bool isUnattended = !repeats && One(6);
        bool hasLedger = isChild || isUnattended || !One(4);
        bool summarizes = !isChild && hasLedger && (isUnattended || One(6));
        int takes = One(6) ? _random.Next(2, 4) : 1;
        bool signsImages = One(4);
        decimal price = signsImages ? PriceOfImage : PriceOfText;
        decimal? maxCost = One(6) ? Money(rows * takes, price) : null;
        decimal? budget = One(10) ? Money(rows * takes, price) : null;
        BatchEnd end = isChild || !One(3) ? BatchEnd.None : summarizes ? BatchEnd.Stop : (BatchEnd)_random.Next(1, 4);
        bool blob = hasLedger && One(8);
        // The videos of several takes do not fit on the small disk.
        bool small = !isChild && hasLedger && !blob && takes == 1 && One(6);
        int workers = isChild && One(2) ? _random.Next(2, 4) : 1;
        int faults = One(6) ? 0 : _random.Next(1, rows + 8);
        return new BatchPlan
        {
            Seed = seed,
            IsChild = isChild,
            Prompts = prompts,
            Takes = takes,
            Form = isUnattended ? (ListForm)_random.Next(1, s_forms) : One(2) ? ListForm.Objects : (ListForm)_random.Next(s_forms),
            IsUnattended = isUnattended,
            Summarizes = summarizes,
            Workers = workers,
            NamesFiles = !repeats && One(2),
            SignsImages = signsImages,
            HasLedger = hasLedger,
            UsesBlob = blob,
            Rejects = !isChild && !isUnattended && !small && hasLedger && One(4) ? _random.Next(1, 4) : 0,
            StopsOnError = !isChild && One(8),
            IsVerbose = One(3),
            Asks = !isChild && One(3),
            UsesSmallDisk = small,
            DiskLeaves = One(2) ? 0 : _random.Next(1, 60) * 4096,
            LongestFile = isChild && One(4) ? _random.Next(2, 40) * 1024 : 0,
            End = end,
            EndAfter = _random.Next(1, rows + 1),
            Starts = _random.Next(1, MostStarts + 1),
            Resubmits = !isUnattended && One(4),
            RetriesFailed = !isUnattended && One(4),
            MaxCost = maxCost,
            Budget = budget,
            Deadline = One(8) ? _random.Next(5, 200) : null,
            New = New(maxCost, maxCost is null && budget is null ? null : price, takes),
            Wait = Wait(),
            Save = Save(),
            Sandbox = Sandbox(rows * takes),
            Faults = [.. Enumerable.Range(0, faults).SelectMany(_ => FaultDrawer.Draw(_random, rows))],
            Mishaps = [.. Mishaps(rows, isChild, workers, end, small)],
        };
    }

    // Each prompt has the number of its row, and a letter that a wrong encoding would change. Moderation refuses one in nine.
    private static string Prompt(int row) =>
        string.Create(CultureInfo.InvariantCulture, $"Prompt {row:000} à l'aube{(row % 9 == 8 ? " forbidden" : "")}");

    private decimal Money(int videos, decimal price) => _random.Next(1, (int)((videos + 1) * price * 100)) / 100m;

    private Dictionary<string, object> New(decimal? maxCost, decimal? price, int takes)
    {
        Dictionary<string, object> parameters = new() { ["ThrottleLimit"] = One(3) ? _random.Next(1, 4) : _random.Next(1, 33) };
        if (takes > 1)
        {
            parameters["TakeCount"] = takes;
        }

        if (maxCost is not null)
        {
            parameters["MaxCost"] = maxCost.Value;
        }

        if (price is not null)
        {
            parameters["Duration"] = 4;
            if (!One(3))
            {
                parameters["EstimatedCost"] = price.Value;
            }
        }

        return parameters;
    }

    private Dictionary<string, object> Wait()
    {
        Dictionary<string, object> parameters = new() { ["Timeout"] = _random.Next(20, 600), ["ThrottleLimit"] = _random.Next(1, 33) };
        if (One(3))
        {
            parameters["PollInterval"] = _random.Next(1, 20);
        }

        return parameters;
    }

    private Dictionary<string, object> Save()
    {
        Dictionary<string, object> parameters = new() { ["ThrottleLimit"] = _random.Next(1, 17) };
        if (One(3))
        {
            parameters["Sidecar"] = true;
        }

        if (One(4))
        {
            parameters["Force"] = true;
        }

        return parameters;
    }

    private SandboxOptions Sandbox(int rows)
    {
        int least = _random.Next(0, 60);
        return new SandboxOptions
        {
            ApiKey = "ck-" + new string([.. Enumerable.Range(0, 32).Select(_ => (char)('a' + _random.Next(26)))]),
            GenerationTime = TimeSpan.FromSeconds(least),
            GenerationTimeMaximum = TimeSpan.FromSeconds(least + _random.Next(0, 90)),
            RequestsPerMinute = One(4) ? _random.Next(10, 200) : null,
            Shape = (SandboxResultShape)_random.Next(4),
            WrapKeyInfo = One(2),
            Balance = One(20) ? _random.Next(0, (rows * 15) + 1) / 100m : 10_000,
            Seed = _random.Next(),
            VideoPadding = One(3) ? _random.Next(8, 200_000) : 0,
        };
    }

    private IEnumerable<Mishap> Mishaps(int rows, bool isChild, int workers, BatchEnd end, bool small)
    {
        int Moment() => _random.Next(1, (rows * 4) + 4);
        for (int leaps = One(3) ? _random.Next(1, 4) : 0; leaps > 0; leaps--)
        {
            MishapKind kind = isChild
                ? MishapKind.ServerLeap
                : (MishapKind)_random.Next((int)MishapKind.ClientLeap, (int)MishapKind.Sleep + 1);
            int seconds = kind == MishapKind.Sleep ? _random.Next(1, 400) : _random.Next(-120, 4000);
            yield return new Mishap(Moment(), kind, TimeSpan.FromSeconds(seconds));
        }

        if (small)
        {
            yield return new Mishap(Moment(), MishapKind.FullDisk);
        }

        if (end == BatchEnd.Stop)
        {
            yield return new Mishap(Moment(), MishapKind.Stop);
        }

        // One for each possible start of a child process.
        for (int starts = 0; isChild && starts < MostStarts * workers; starts++)
        {
            MishapKind kind = (MishapKind)_random.Next((int)MishapKind.Kill, (int)MishapKind.Interrupt + 1);
            yield return new Mishap(_random.Next(1, (rows * 3) + 2), One(2) ? MishapKind.Kill : kind);
        }
    }

    private bool One(int of) => _random.Next(of) == 0;
}
