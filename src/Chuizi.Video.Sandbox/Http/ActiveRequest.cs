namespace Chuizi.Video.Sandbox.Http;

/// <summary>Counts a request as active until it ends. End takes effect only once.</summary>
internal sealed class ActiveRequest(RequestPipeline pipeline)
{
    private bool _ended;

    /// <summary>
    /// Call this before the last bytes of the response are sent: the client may send its next request as soon as it has
    /// them, and the two must not count as concurrent.
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
