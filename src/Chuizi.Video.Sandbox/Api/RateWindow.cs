using System.Globalization;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>The key's sliding 60-second window (API contract, layer 2).</summary>
internal sealed class RateWindow(int? limit, TimeProvider clock)
{
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(60);

    private readonly Queue<DateTimeOffset> _taken = [];

    /// <summary>Counts a request; false if the window is full.</summary>
    public bool TryTake()
    {
        if (limit is not int most)
        {
            return true;
        }

        lock (_taken)
        {
            DateTimeOffset now = Slide();
            if (_taken.Count >= most)
            {
                return false;
            }

            _taken.Enqueue(now);
            return true;
        }
    }

    /// <summary>
    /// Adds <c>X-RateLimit-*</c> if there is a limit. Reset is the Unix time in seconds, rounded up, at which the
    /// oldest request leaves the window. A 429 response also gets <c>Retry-After</c>, the seconds until then.
    /// </summary>
    public HttpReply AddHeaders(HttpReply reply)
    {
        if (limit is not int most)
        {
            return reply;
        }

        DateTimeOffset now;
        DateTimeOffset reset;
        int remaining;
        lock (_taken)
        {
            now = Slide();
            remaining = most - _taken.Count;
            reset = _taken.TryPeek(out DateTimeOffset oldest) ? oldest + s_length : now;
        }

        reply.With("X-RateLimit-Limit", Text(most));
        reply.With("X-RateLimit-Remaining", Text(remaining));
        reply.With("X-RateLimit-Reset", Text(Math.Ceiling(reset.ToUnixTimeMilliseconds() / 1000.0)));
        return reply.Status == 429 ? reply.With("Retry-After", Text(Math.Max(1, Math.Ceiling((reset - now).TotalSeconds)))) : reply;
    }

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private DateTimeOffset Slide()
    {
        DateTimeOffset now = clock.GetUtcNow();
        while (_taken.TryPeek(out DateTimeOffset oldest) && now - oldest >= s_length)
        {
            _taken.Dequeue();
        }

        return now;
    }
}
