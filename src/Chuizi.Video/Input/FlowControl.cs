using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>Exceptions that steer the pipeline. They are not failures, and every general catch lets them pass.</summary>
internal static class FlowControl
{
    /// <summary>Whether an exception is one of them.</summary>
    public static bool Is(Exception exception) =>
        exception is PipelineStoppedException or FlowControlException or ActionPreferenceStopException
        // These three are internal to the engine.
        || exception.GetType().Name is "StopUpstreamCommandsException" or "ExitException" or "TerminateException";
}
