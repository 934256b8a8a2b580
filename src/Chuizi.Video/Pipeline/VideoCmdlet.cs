using System.Management.Automation;
using Chuizi.Video.Client.Http;
using Chuizi.Video.Module.Errors;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Pipeline;

/// <summary>A cmdlet that asks the API about videos and emits them.</summary>
public abstract class VideoCmdlet : AsyncCmdlet
{
    private HeldErrors? _errors;
    private ChuiziClient? _client;

    /// <summary>Where errors about single videos go.</summary>
    internal HeldErrors Errors => _errors ??= new HeldErrors(this, () => StopsOnError);

    /// <summary>The client on this runspace's connection; without one the cmdlet ends. For the pipeline thread.</summary>
    internal ChuiziClient Client => _client ??= ModuleSession.Connect(this, Trace);

    /// <summary>Tells each request with -Verbose; null where nobody wants to know.</summary>
    internal Action<RequestTrace>? Trace => IsVerbose ? trace => Post(() => WriteVerbose(trace.ToString())) : null;

    /// <summary>Emits a video on the pipeline thread.</summary>
    internal void Emit(Video video)
    {
        Errors.Mark(video);
        WriteObject(video);
    }

    /// <summary>Writes the error of a failed video, unless that has been done; one failure gives one record.</summary>
    internal void Report(Video video, ErrorRecord error)
    {
        if (!video.Reported)
        {
            video.Reported = true;
            Errors.Write(error);
        }
    }

    /// <summary>Waits for the work and ends the call.</summary>
    internal void Finish()
    {
        try
        {
            FinishWork();
        }
        catch (ChuiziException exception)
        {
            Errors.Terminate(ErrorRecords.From(exception));
        }

        Errors.End();
    }
}
