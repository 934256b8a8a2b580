using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Threading.Channels;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Saving;

/// <summary>One call of Save-ChuiziVideo: waits for the videos, downloads them and emits them in order of completion.</summary>
internal sealed class SaveRun(VideoCmdlet cmdlet, SaveTargets targets)
{
    // Created here, because only the pipeline thread can access the session.
    private readonly DownloadOptions _options = new() { Clock = ModuleSession.Current.RequestClock, Trace = cmdlet.Trace };
    private static readonly Hashtable s_none = [];

    private readonly SaveProgress _progress = new();
    private readonly Channel<(Video Video, Target? Target)> _queue = Channel.CreateUnbounded<(Video, Target?)>();
    private readonly DownloadOnce _files = new();
    // The waiting for videos that are not finished; null if there are none, or nothing waits for them here.
    private readonly TaskCompletionSource<RecordedWait?> _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordedWait? _wait;
    private ChuiziClient? _client;
    private ChuiziException? _end;

    /// <summary>Replaces existing files.</summary>
    public bool Force { get; init; }

    /// <summary>Writes the sidecars; null for none.</summary>
    public SidecarWriter? Sidecars { get; init; }

    /// <summary>The maximum number of concurrent downloads.</summary>
    public int ThrottleLimit { get; init; } = 8;

    /// <summary>How to wait for videos that are not finished; null to report them.</summary>
    public WaitOptions? WaitOptions { get; init; }

    /// <summary>Adds a video: starts its download, or passes it on if there is nothing to download.</summary>
    public void Add(Video video)
    {
        if (video is { Status: VideoStatus.Failed, Id: not null })
        {
            cmdlet.Outlet.Fail(video, ErrorRecords.Failed(video));
            return;
        }

        // The cmdlet that detected the timeout or skipped the submission has already reported it.
        if (IsSavedElsewhere(video)
            || (video.Id is null && !RecordedWait.IsOpen(video))
            || VideoOutlet.IsReported(video) || video.Status is VideoStatus.Unknown or VideoStatus.Skipped)
        {
            cmdlet.Outlet.Pass(video);
            return;
        }

        // A script may have set an address that is not complete. The API has the right one.
        bool known = video is { Status: VideoStatus.Succeeded, Url.IsAbsoluteUri: true };
        Target? target = known ? Aim(video) : null;
        if (known && target is null)
        {
            return;
        }

        if (!known && cmdlet.IsWhatIf)
        {
            if (Aim(video) is not null)
            {
                cmdlet.Outlet.Drop(video);
            }

            return;
        }

        // A missing or expired URL is requested from the API, which needs the connection. Only this thread can get it.
        _client ??= known ? cmdlet.ClientIfConnected : cmdlet.Client;
        _progress.CountExpected();
        if (known || WaitOptions is null)
        {
            _queue.Writer.TryWrite((video, target));
        }
        else
        {
            _wait ??= new RecordedWait(cmdlet, WaitOptions, EndWait);
            _wait.Add(video);
            _waiting.TrySetResult(_wait);
        }

        if (!cmdlet.IsWorking)
        {
            cmdlet.StartWork(RunAsync);
        }
    }

    /// <summary>The message for Ctrl+C; null if no video is waited for.</summary>
    public string? DescribeStop() => Resumption.Describe(_wait?.Remaining ?? [], cmdlet.CommandsFromHere);

    /// <summary>Called when there are no more videos.</summary>
    public void Complete()
    {
        _progress.Complete();
        _wait?.Complete();
        _waiting.TrySetResult(null);
        _complete.TrySetResult();
    }

    /// <summary>The progress record while saving.</summary>
    public ProgressRecord? DescribeProgress(int activity)
    {
        WaitProgress? waiting = _wait?.Progress is { } progress && progress.Done < progress.Total ? progress : null;
        string? text = null;
        if (waiting is not null)
        {
            string cost = cmdlet.Group.DescribeCost(waiting.Cost);
            string next = RecordedWait.DescribeNext(waiting);
            text = string.Create(CultureInfo.CurrentCulture, $"; {waiting.Total - waiting.Done} in progress{cost}, {next}");
        }

        ProgressRecord? record = _progress.Describe(activity, cmdlet.Group.Expected, text);
        if (record is not null && waiting is not null)
        {
            record.SecondsRemaining = _wait!.SecondsLeft(waiting, Math.Max(waiting.Total, cmdlet.Group.Expected));
        }

        return record;
    }

    private async Task RunAsync(CancellationToken token)
    {
        Task downloads = DownloadAsync(token);
        try
        {
            await WaitAsync(token).ConfigureAwait(false);
            await _complete.Task.WaitAsync(token).ConfigureAwait(false);
            // The videos that ended last are queued on the pipeline thread.
            await cmdlet.InvokeOnPipelineAsync(() => true).ConfigureAwait(false);
        }
        finally
        {
            _queue.Writer.TryComplete();
            await downloads.ConfigureAwait(false);
        }

        if (_end is { } end)
        {
            throw end;
        }
    }

    private async Task WaitAsync(CancellationToken token)
    {
        try
        {
            if (await _waiting.Task.WaitAsync(token).ConfigureAwait(false) is { } wait)
            {
                await wait.RunAsync(token).ConfigureAwait(false);
            }
        }
        catch (ChuiziException exception)
        {
            // Ends the waiting but not the downloads, which need no key.
            _end ??= exception;
        }
    }

    /// <summary>Whether the run that submitted the video has saved it, here or on another machine.</summary>
    private static bool IsSavedElsewhere(Video video) => video is { Elsewhere: true, Status: VideoStatus.Succeeded, Path: not null };

    /// <summary>Downloads a video that has just finished, or reports why it has not.</summary>
    private void EndWait(WaitOutcome outcome)
    {
        Video video = outcome.Video;
        if (outcome.Failure is { EndsTheRun: true } end)
        {
            _progress.CountFailed();
            cmdlet.Outlet.FailTogether(video, end);
        }
        else if (outcome.Failure is { } failure)
        {
            Fail(video, ErrorRecords.From(failure, video));
        }
        else if (IsSavedElsewhere(video))
        {
            cmdlet.Outlet.Pass(video);
        }
        else if (TargetOf(video) is { } target)
        {
            _queue.Writer.TryWrite((video, target));
            return;
        }

        _progress.CountEnded();
    }

    private async Task DownloadAsync(CancellationToken token) =>
        await Parallel.ForEachAsync(
            _queue.Reader.ReadAllAsync(token),
            new ParallelOptions { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = token },
            async (item, inner) =>
            {
                await SaveAsync(item.Video, item.Target, inner).ConfigureAwait(false);
                _progress.CountEnded();
            }).ConfigureAwait(false);

    private async Task SaveAsync(Video video, Target? target, CancellationToken token)
    {
        Uri? address = video.Url;
        if (target is null)
        {
            (target, address) = await LookUpAsync(video, token).ConfigureAwait(false);
        }

        if (target is null
            || address is null
            || (target.Sha256 is { } sha256 && await IsDoneAsync(video, target, sha256, token).ConfigureAwait(false)))
        {
            return;
        }

        try
        {
            DownloadRequest download = new(address, target.Path)
            {
                Video = video.Id!,
                Overwrite = Force,
                IsJustFinished = VideoFacts.Of(video).IsJustFinished,
                RefreshAddress = _client is { } client ? Refresh : null,
                BeforeRename = file => RecordAsync(video, target, file),
            };
            // A repeated video uses the same download. Different videos never share a path.
            DownloadedFile file = await _files.SaveAsync(
                target.Path, () => Downloader().SaveAsync(download, _progress.Meter, token)).ConfigureAwait(false);
            Pass(video, file);

            async Task<Uri?> Refresh(CancellationToken inner) => (await client!.GetAsync(video.Id!, inner).ConfigureAwait(false)).Url;
        }
        catch (ChuiziException exception)
        {
            // A failure affects only this file, because downloads need no key.
            cmdlet.Post(() => Fail(video, ErrorRecords.From(exception, video)));
        }
    }

    /// <summary>Records a video before its file gets its final name, so that such a file is always known to be complete.</summary>
    private async Task RecordAsync(Video video, Target target, DownloadedFile file)
    {
        try
        {
            await VideoRecorder.SavedAsync(video, OriginOf(video), file.Path, file.Sha256, file.Length).ConfigureAwait(false);
        }
        catch (ChuiziException exception)
        {
            cmdlet.Post(() =>
                cmdlet.WriteWarning($"'{file.Path}' was saved, but this was not recorded in the ledger: {exception.Message}"));
        }

        WriteSidecar(video, target, file, DateTime.UtcNow);
    }

    /// <summary>Whether a saved video needs no download: its file is complete, or the user declines to save it again.</summary>
    private async Task<bool> IsDoneAsync(Video video, Target target, string sha256, CancellationToken token)
    {
        if (!await FileHash.MatchesAsync(target.Path, sha256, token).ConfigureAwait(false))
        {
            bool isWanted = await cmdlet.InvokeOnPipelineAsync(() => MaySave(video, target.Path)).ConfigureAwait(false);
            if (!isWanted)
            {
                cmdlet.Post(() => cmdlet.Outlet.Drop(video));
            }

            return !isWanted;
        }

        FileInfo there = new(target.Path);
        DownloadedFile file = new(target.Path, there.Exists ? there.Length : 0, sha256);
        if (there.Exists)
        {
            WriteSidecar(video, target, file, there.LastWriteTimeUtc);
        }

        _progress.CountAlreadyThere();
        Pass(video, file);
        return true;
    }

    /// <summary>Writes the sidecar if requested. The video counts as saved even if its sidecar cannot be written.</summary>
    private void WriteSidecar(Video video, Target target, DownloadedFile file, DateTime saved)
    {
        try
        {
            Sidecars?.Write(video, OriginOf(video), target.Columns, file, saved);
        }
        catch (ChuiziException exception)
        {
            cmdlet.Post(() => cmdlet.Errors.Write(ErrorRecords.From(exception, video)));
        }
    }

    // A video may come from an untrusted file. So the connection, not the video, decides whether its URL may be in the private network.
    private VideoDownloader Downloader() => new(_options with
    {
        AllowsPrivateNetwork = _client?.Connection.IsPrivateNetwork ?? RunningSandbox.Exists,
    });

    private string? OriginOf(Video video) => video.Origin ?? _client?.Connection.Origin;

    private void Pass(Video video, DownloadedFile file) => cmdlet.Post(() =>
    {
        _progress.CountSaved();
        video.Path = file.Path;
        video.Size = file.Length;
        video.Sha256 = file.Sha256;
        VideoFacts.Of(video).Problem = null;
        cmdlet.Outlet.Pass(video);
    });

    private async Task<(Target? Target, Uri? Address)> LookUpAsync(Video video, CancellationToken token)
    {
        if (_end is { } end)
        {
            cmdlet.Post(() => cmdlet.Outlet.FailTogether(video, end));
            return default;
        }

        try
        {
            VideoState state = await _client!.GetAsync(video.Id!, token).ConfigureAwait(false);
            await cmdlet.RecordAsync(_client, [(video, state)]).ConfigureAwait(false);
            return (await cmdlet.InvokeOnPipelineAsync(() => Learn(video, state)).ConfigureAwait(false), state.Url ?? video.Url);
        }
        catch (ChuiziException exception) when (exception.EndsTheRun)
        {
            // Ends the lookups but not the downloads, which need no key. One error for all is thrown at the end of the call.
            _end ??= exception;
            cmdlet.Post(() => cmdlet.Outlet.FailTogether(video, exception));
            return default;
        }
        catch (ChuiziException exception)
        {
            cmdlet.Post(() => Fail(video, ErrorRecords.From(exception, video)));
            return default;
        }
    }

    /// <summary>Applies the API's response to a looked-up video, and returns its target; null if there is nothing to download.</summary>
    private Target? Learn(Video video, VideoState state)
    {
        VideoOutlet.Update(video, state);
        video.Origin ??= _client!.Connection.Origin;
        return TargetOf(video);
    }

    /// <summary>
    /// The target for a video whose state is known; null if there is nothing to download, with its error, unless the user declined.
    /// </summary>
    private Target? TargetOf(Video video)
    {
        ErrorRecord? error = video switch
        {
            { Status: VideoStatus.Failed } => ErrorRecords.Failed(video),
            { Status: not VideoStatus.Succeeded } => ErrorRecords.Make(
                "VideoNotReady",
                ErrorCategory.ResourceUnavailable,
                video,
                $"The video {video.Id} is not finished yet.",
                "Run the command again without -NoWait."),
            { Url: null } => ErrorRecords.Make(
                "MalformedReply",
                ErrorCategory.ProtocolError,
                video,
                $"The video {video.Id} is finished, but the API returned no URL for it.",
                "Check again with Get-ChuiziVideo."),
            _ => null,
        };
        if (error is not null)
        {
            Fail(video, error);
            return null;
        }

        return Aim(video);
    }

    private void Fail(Video video, ErrorRecord error)
    {
        _progress.CountFailed();
        video.Path = null;
        video.Sha256 = null;
        if (error.FullyQualifiedErrorId is nameof(ChuiziErrorKind.WaitTimeout) or "VideoNotReady")
        {
            cmdlet.Outlet.FailOfKind(video, error);
        }
        else
        {
            cmdlet.Outlet.Fail(video, error);
        }
    }

    /// <summary>The target for a video; null if the user declines, or if its file name is invalid.</summary>
    private Target? Aim(Video video)
    {
        IDictionary columns = Sidecars is null ? s_none : RecordedColumns.Of(video.KeptInput);
        try
        {
            if (targets.FindSaved(video) is { } file)
            {
                return new Target(file.Path, file.Sha256, columns);
            }

            string path = targets.PathFor(video);
            // The ledger may have the path of the same file on another machine.
            string? sha256 = File.Exists(path) ? video.Sha256 : null;
            if (sha256 is not null || MaySave(video, path))
            {
                return new Target(path, sha256, columns);
            }

            cmdlet.Outlet.Drop(video);
            return null;
        }
        catch (FormatException exception)
        {
            string message = $"The video {video.Id} was not saved: {exception.Message}";
            video.Path = null;
            video.Sha256 = null;
            cmdlet.Outlet.Fail(
                video, ErrorRecords.Make("InvalidFileName", ErrorCategory.InvalidArgument, video, message, null, exception));
            return null;
        }
    }

    private bool MaySave(Video video, string path) => cmdlet.ShouldProcess(path, (File.Exists(path), Force) switch
    {
        (false, _) => $"Save video {video.Id}",
        (true, true) => $"Replace with video {video.Id}",
        (true, false) => $"Keep the existing file and report an error for video {video.Id}",
    });

    /// <summary>The path of the file to write, or of an existing file with this hash, and the columns of the video's row.</summary>
    private sealed record Target(string Path, string? Sha256, IDictionary Columns);
}
