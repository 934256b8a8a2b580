namespace Chuizi.Video.Sandbox.Http;

/// <summary>Counts a request as active until it ends, once.</summary>
internal sealed class ActiveRequest(RequestPipeline pipeline)
{
    private bool _ended;

    /// <summary>
    /// Called before an answer's last bytes leave: a client that has its answer may send the next request at once,
    /// and the two must not count as simultaneous.
    /// </summary>
    public void End()
    {
        if (!_ended)
        {
            _ended = true;
            pipeline.End();
        }
    }
}
