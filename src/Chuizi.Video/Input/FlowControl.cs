using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>Identifies exceptions that control the pipeline. They are not failures, and every general catch must let them pass.</summary>
internal static class FlowControl
{
    /// <summary>Whether an exception controls the pipeline.</summary>
    public static bool Is(Exception exception) =>
        exception is PipelineStoppedException or FlowControlException or ActionPreferenceStopException
        // These three types are internal to the engine.
        || exception.GetType().Name is "StopUpstreamCommandsException" or "ExitException" or "TerminateException";
}
