namespace Chuizi.Video.Soak.Runs;

/// <summary>Has something happen when the sandbox reads the n-th request of a run, before it is answered.</summary>
internal sealed class RequestWatch
{
    private readonly Lock _gate = new();
    private List<(int Request, Action Act)> _acts = [];
    private int _count;

    /// <summary>Watches; to be made before any fault, since later ones are not asked once one has hit.</summary>
    public RequestWatch(SandboxServer server) =>
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Times = int.MaxValue, Match = Count });

    /// <summary>What is to happen in the run that begins.</summary>
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
