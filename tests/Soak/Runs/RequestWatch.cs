namespace Chuizi.Video.Soak.Runs;

/// <summary>Runs actions when the sandbox reads the n-th request of a run, before it responds.</summary>
internal sealed class RequestWatch
{
    private readonly Lock _gate = new();
    private List<(int Request, Action Act)> _acts = [];
    private int _count;

    /// <summary>Counts requests. Create it before other faults: the first that matches a request hides later ones.</summary>
    public RequestWatch(SandboxServer server) =>
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Times = int.MaxValue, Match = Count });

    /// <summary>Sets the actions for the next run.</summary>
    public void Arm(IEnumerable<(int Request, Action Act)> acts)
    {
        lock (_gate)
        {
            _count = 0;
            _acts = [.. acts];
        }
    }

    private bool Count(RecordedRequest request)
    {
        lock (_gate)
        {
            _count++;
            foreach ((int at, Action act) in _acts)
            {
                if (at == _count)
                {
                    act();
                }
            }
        }

        return false;
    }
}
