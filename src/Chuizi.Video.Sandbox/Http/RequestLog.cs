namespace Chuizi.Video.Sandbox.Http;

/// <summary>The most recent requests.</summary>
internal sealed class RequestLog(int capacity)
{
    private readonly Queue<RecordedRequest> _requests = [];
    private int _count;

    public void Add(RecordedRequest request)
    {
        lock (_requests)
        {
            request.Number = ++_count;
            _requests.Enqueue(request);
            if (_requests.Count > capacity)
            {
                _requests.Dequeue();
            }
        }
    }

    public IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (_requests)
        {
            return _requests.ToArray();
        }
    }
}
