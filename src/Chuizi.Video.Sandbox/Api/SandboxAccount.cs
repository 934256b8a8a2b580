namespace Chuizi.Video.Sandbox.Api;

/// <summary>
/// The account that pays for the jobs: its balance, the key's daily limit, and refunds for failed jobs. Not thread-safe:
/// <see cref="JobStore"/> calls it under its lock.
/// </summary>
internal sealed class SandboxAccount(SandboxOptions options)
{
    private readonly PriorityQueue<SandboxJob, DateTime> _refunds = new();
    private decimal _balance = options.Balance;
    private DateTime _day;
    private decimal _spentToday;

    /// <summary>The balance in USD, including refunds that are due.</summary>
    public decimal BalanceAt(DateTime now)
    {
        Settle(now);
        return _balance;
    }

    /// <summary>The error if the balance or the daily limit does not cover this cost; otherwise null.</summary>
    public ApiError? Check(decimal cost, DateTime now)
    {
        Settle(now);
        if (cost > _balance)
        {
            return ApiError.Of(402);
        }

        return _spentToday + cost > options.DailyLimit
            ? ApiError.Of(403, "daily_limit_exceeded", "The request would exceed the key's daily limit.")
            : null;
    }

    /// <summary>Bills a job, and schedules its refund if it will fail.</summary>
    public void Bill(SandboxJob job)
    {
        _balance -= job.Cost;
        _spentToday += job.Cost;
        if (job.Moderated)
        {
            _refunds.Enqueue(job, job.Ends);
        }
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
}
