using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Chuizi.Video.Sandbox.Http;
using Chuizi.Video.Sandbox.Media;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>Creates, bills and finds the jobs. They end by the clock; nothing runs in the background.</summary>
internal sealed partial class JobStore(SandboxOptions options)
{
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<string, SandboxJob> _byId = new(StringComparer.Ordinal);
    private readonly List<SandboxJob> _jobs = [];
    private readonly SandboxAccount _account = new(options);
#pragma warning disable CA5394 // Reproducible by design; nothing here is secret.
    private readonly Random _random = new(options.Seed);

    /// <summary>The balance in USD, including refunds that are due.</summary>
    public decimal Balance
    {
        get
        {
            lock (_gate)
            {
                return _account.BalanceAt(Now);
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
    public (SandboxJob? Job, ApiError? Error) Submit(ValidSubmission submission, string body)
    {
        decimal cost = decimal.Round(submission.Duration * ModelPrices.PerSecond(submission.Model), 8, MidpointRounding.AwayFromZero);
        string id = SandboxIds.Make("vid-", 12);
        string generationId = SandboxIds.Make("gen-", 12);
        bool moderated = Refused().IsMatch(submission.Prompt);
        lock (_gate)
        {
            DateTime now = Now;
            if (_account.Check(cost, now) is ApiError error)
            {
                return (null, error);
            }

            var job = new SandboxJob(options.Clock)
            {
                Id = id,
                GenerationId = generationId,
                Model = submission.Model,
                Prompt = submission.Prompt,
                Duration = submission.Duration,
                Resolution = submission.Resolution,
                AspectRatio = submission.AspectRatio,
                Cost = cost,
                Created = now,
                Ends = now + GenerationTime(),
                Body = body,
                Moderated = moderated,
                Size = FrameSize.Of(submission.Resolution, submission.AspectRatio),
                PictureSeed = _random.Next(),
            };
            _account.Bill(job);
            _jobs.Add(job);
            _byId[job.Id] = job;
            _byId[job.GenerationId] = job;
            return (job, null);
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
