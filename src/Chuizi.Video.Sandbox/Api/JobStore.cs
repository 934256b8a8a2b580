using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Chuizi.Video.Sandbox.Http;
using Chuizi.Video.Sandbox.Media;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>The jobs, and the account that pays for them. Jobs end by the clock; nothing runs in the background.</summary>
internal sealed partial class JobStore(SandboxOptions options)
{
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<string, SandboxJob> _byId = new(StringComparer.Ordinal);
    private readonly List<SandboxJob> _jobs = [];
    private readonly PriorityQueue<SandboxJob, DateTime> _refunds = new();
#pragma warning disable CA5394 // Reproducible by design; nothing here is secret.
    private readonly Random _random = new(options.Seed);
    private decimal _balance = options.Balance;
    private DateTime _day;
    private decimal _spentToday;

    /// <summary>The balance in USD, including refunds that are due.</summary>
    public decimal Balance
    {
        get
        {
            lock (_gate)
            {
                Settle(Now);
                return _balance;
            }
        }
    }

    private DateTime Now => options.Clock.GetUtcNow().UtcDateTime;

    /// <summary>The job with this id, or with this cost record id.</summary>
    public SandboxJob? Find(string id) => _byId.GetValueOrDefault(id);

    public IReadOnlyList<SandboxJob> Snapshot()
    {
        lock (_gate)
        {
            return _jobs.ToArray();
        }
    }

    /// <summary>Creates and bills a job, or returns an error.</summary>
    public (SandboxJob? Job, ApiError? Error) Submit(ValidSubmission plan, string body)
    {
        decimal cost = decimal.Round(plan.Duration * ModelPrices.PerSecond(plan.Model), 8, MidpointRounding.AwayFromZero);
        string id = SandboxIds.Make("vid-", 12);
        string generationId = SandboxIds.Make("gen-", 12);
        bool moderated = Refused().IsMatch(plan.Prompt);
        lock (_gate)
        {
            DateTime now = Now;
            Settle(now);
            if (cost > _balance)
            {
                return (null, ApiError.Of(402));
            }

            if (_spentToday + cost > options.DailyLimit)
            {
                return (null, ApiError.Of(403, "daily_limit_exceeded", "The request would exceed the key's daily limit."));
            }

            var job = new SandboxJob(options.Clock)
            {
                Id = id,
                GenerationId = generationId,
                Model = plan.Model,
                Prompt = plan.Prompt,
                Duration = plan.Duration,
                Resolution = plan.Resolution,
                AspectRatio = plan.AspectRatio,
                Cost = cost,
                Created = now,
                Ends = now + GenerationTime(),
                Body = body,
                Moderated = moderated,
                Size = FrameSize.Of(plan.Resolution, plan.AspectRatio),
                PictureSeed = _random.Next(),
            };
            Bill(job);
            return (job, null);
        }
    }

    private void Bill(SandboxJob job)
    {
        _balance -= job.Cost;
        _spentToday += job.Cost;
        if (job.Moderated)
        {
            _refunds.Enqueue(job, job.Ends);
        }

        _jobs.Add(job);
        _byId[job.Id] = job;
        _byId[job.GenerationId] = job;
    }

    // Applies what happened since the last call: a new day, and refunds for jobs that failed.
    private void Settle(DateTime now)
    {
        if (now.Date != _day)
        {
            _day = now.Date;
            _spentToday = 0;
        }

        while (_refunds.TryPeek(out SandboxJob? job, out DateTime ends) && ends <= now)
        {
            _refunds.Dequeue();
            _balance += job.Cost;
            _spentToday -= job.Created.Date == _day ? job.Cost : 0;
        }
    }

    private TimeSpan GenerationTime() => options.GenerationTimeMaximum is TimeSpan longest
        ? options.GenerationTime + ((longest - options.GenerationTime) * _random.NextDouble())
        : options.GenerationTime;

    [GeneratedRegex(
        @"\bforbidden\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Refused();
}
