using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Threading.Channels;
using Chuizi.Video.Client.Downloads;
using Chuizi.Video.Client.Http;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Validation;
using Chuizi.Video.Client.Videos;
using Chuizi.Video.Module.Errors;
using Chuizi.Video.Module.Transformation;

namespace Chuizi.Video.Module.Pipeline;

/// <summary>What one call of Save-ChuiziVideo does: name the files, fetch them, emit the videos in order of completion.</summary>
internal sealed class SaveRun(VideoCmdlet cmdlet, string folder, object? fileName, bool force, int throttleLimit)
{
    private readonly VideoDownloader _downloader = new(new DownloadOptions());
    private readonly TargetNames _names = new(folder);
    private readonly DownloadMeter _meter = new();
    private readonly Channel<(Video Video, string? Path, bool IsSaved)> _queue = Channel.CreateUnbounded<(Video, string?, bool)>();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private ChuiziClient? _client;
    private int _total;
    private int _saved;
    private int _failed;

    /// <summary>The full path of the folder that a user names.</summary>
    public static string ResolveFolder(PSCmdlet cmdlet, string destination)
    {
        string path = "";
        try
        {
            path = FilePaths.Resolve(cmdlet, destination);
        }
        catch (IOException exception)
        {
            Refuse($"The destination '{destination}' is no folder: {exception.Message}", exception);
        }

        if (File.Exists(path))
        {
            Refuse($"The destination '{path}' is a file.", null);
        }

        if (path.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path))
        {
            cmdlet.WriteWarning($"The destination '{destination}' is taken as a folder; -FileName gives a file its name.");
        }

        return path;

        void Refuse(string message, Exception? cause) => cmdlet.ThrowTerminatingError(
            ErrorRecords.Make("InvalidDestination", ErrorCategory.InvalidArgument, destination, message, "Give a folder.", cause));
    }

    /// <summary>Takes a video: starts its download, or passes it on where there is none to make.</summary>
    public void Add(Video video)
    {
        if (video is { Status: VideoStatus.Failed, Id: not null })
        {
            cmdlet.Report(video, ErrorRecords.Failed(video));
        }

        // Whoever found out that it failed, timed out or was never sent has said so.
        if (video.Id is null || VideoCmdlet.IsReported(video) || video.Status is VideoStatus.Failed or VideoStatus.Unknown or VideoStatus.Skipped)
        {
            cmdlet.Emit(video);
            return;
        }

        bool known = video is { Status: VideoStatus.Succeeded, Url: not null };
        bool saved = known && video is { Path: not null, Sha256: not null } && _names.Keep(video.Path);
        string? path = !known ? null : saved ? video.Path : Name(video);
        if (known && path is null)
        {
            return;
        }

        // The API is asked for an address that is missing or refused; both need the connection, which only this thread can find.
        _client ??= known ? cmdlet.ClientIfConnected : cmdlet.Client;
        _total++;
        _queue.Writer.TryWrite((video, path, saved));
        if (!cmdlet.IsWorking)
        {
            cmdlet.StartWork(RunAsync);
        }
    }

    /// <summary>Says that no more videos come.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>The bar while saving.</summary>
    public ProgressRecord? DescribeProgress(int activity)
    {
        if (_total == 0)
        {
            return null;
        }

        double megabytes = _meter.Bytes / 1e6;
        string status = string.Create(
            CultureInfo.CurrentCulture,
            $"{_saved} of {_total} saved, {_failed} failed, {megabytes:0.0} MB, {megabytes / Math.Max(0.1, _watch.Elapsed.TotalSeconds):0.0} MB/s");
        return new ProgressRecord(activity, "Saving videos", status) { PercentComplete = (_saved + _failed) * 100 / _total };
    }

    private Task RunAsync(CancellationToken token) => Parallel.ForEachAsync(
        _queue.Reader.ReadAllAsync(token),
        new ParallelOptions { MaxDegreeOfParallelism = throttleLimit, CancellationToken = token },
        async (item, inner) =>
        {
            if (!item.IsSaved || !await IsDoneAsync(item.Video, item.Path!, inner).ConfigureAwait(false))
            {
                await SaveAsync(item.Video, item.Path, inner).ConfigureAwait(false);
            }
        });

    /// <summary>Whether nothing is left to do for a video that was saved there before: it is there, or the user does not want it anew.</summary>
    private async Task<bool> IsDoneAsync(Video video, string path, CancellationToken token) =>
        await PassAsync(video, token).ConfigureAwait(false) || !await cmdlet.AskPipelineAsync(() => MaySave(video, path)).ConfigureAwait(false);

    /// <summary>Passes a video on whose file is there already, as an earlier run saved it.</summary>
    private async Task<bool> PassAsync(Video video, CancellationToken token)
    {
        if (!await FileHash.IsAsync(video.Path!, video.Sha256!, token).ConfigureAwait(false))
        {
            return false;
        }

        cmdlet.Post(() =>
        {
            _saved++;
            cmdlet.Emit(video);
        });
        return true;
    }

    private async ValueTask SaveAsync(Video video, string? path, CancellationToken token)
    {
        Uri? address = video.Url;
        if (path is null)
        {
            (path, address) = await LookUpAsync(video, token).ConfigureAwait(false);
            bool isKept = path is not null && path == video.Path && video.Sha256 is not null;
            if (path is null || address is null || (isKept && await IsDoneAsync(video, path, token).ConfigureAwait(false)))
            {
                return;
            }
        }

        try
        {
            VideoDownload download = new(address!, path) { Video = video.Id!, Overwrite = force, Refresh = _client is { } client ? Refresh : null, Naming = RecordAsync };
            DownloadedFile file = await _downloader.SaveAsync(download, _meter, token).ConfigureAwait(false);
            cmdlet.Post(() =>
            {
                _saved++;
                video.Path = file.Path;
                video.Sha256 = file.Sha256;
                cmdlet.Emit(video);
            });

            // Before the file has its name, so that a file of that name is always known to be whole.
            async Task RecordAsync(DownloadedFile whole)
            {
                try
                {
                    await VideoRecorder.SavedAsync(video, video.Origin ?? _client?.Connection.Origin, whole.Path, whole.Sha256).ConfigureAwait(false);
                }
                catch (ChuiziException exception)
                {
                    cmdlet.Post(() => cmdlet.WriteWarning($"That '{whole.Path}' is saved is not recorded: {exception.Message}"));
                }
            }

            async Task<Uri?> Refresh(CancellationToken inner) => (await client!.GetAsync(video.Id!, inner).ConfigureAwait(false)).Url;
        }
        catch (ChuiziException exception)
        {
            // Of this file alone, whatever it is: the others need no key.
            cmdlet.Post(() => Fail(video, ErrorRecords.From(exception, video)));
        }
    }

    private async Task<(string? Path, Uri? Address)> LookUpAsync(Video video, CancellationToken token)
    {
        try
        {
            VideoState state = await _client!.GetAsync(video.Id!, token).ConfigureAwait(false);
            await cmdlet.RecordAsync(_client, [(video, state)]).ConfigureAwait(false);
            return (await cmdlet.AskPipelineAsync(() => Learn(video, state)).ConfigureAwait(false), state.Url ?? video.Url);
        }
        catch (ChuiziException exception) when (!exception.EndsTheRun)
        {
            // A bare id that came to nothing is no video to go on with.
            cmdlet.Post(() => Fail(video, ErrorRecords.From(exception, video), emits: video.Created is not null));
            return default;
        }
    }

    /// <summary>On the pipeline thread: what the API says of a bare id, and the name of its file; null where there is none to fetch.</summary>
    private string? Learn(Video video, VideoState state)
    {
        state.ApplyTo(video);
        ErrorRecord? error = video switch
        {
            { Status: VideoStatus.Failed } => ErrorRecords.Failed(video),
            { Status: not VideoStatus.Succeeded } => ErrorRecords.Make(
                "VideoNotReady", ErrorCategory.ResourceUnavailable, video, $"The video {video.Id} is not finished yet.", "Wait for it first: Wait-ChuiziVideo."),
            { Url: null } => ErrorRecords.Make(
                "MalformedReply", ErrorCategory.ProtocolError, video, $"The video {video.Id} is finished, and the API gives no address of it.", "Ask again with Get-ChuiziVideo."),
            _ => null,
        };
        if (error is not null)
        {
            Fail(video, error);
            return null;
        }

        return video is { Path: not null, Sha256: not null } && _names.Keep(video.Path) ? video.Path : Name(video);
    }

    private void Fail(Video video, ErrorRecord error, bool emits = true)
    {
        _failed++;
        video.Path = null;
        video.Sha256 = null;
        cmdlet.Report(video, error);
        if (emits)
        {
            cmdlet.Emit(video);
        }
    }

    /// <summary>The path for a video; null where the user does not want it, or its name cannot be made.</summary>
    private string? Name(Video video)
    {
        string path;
        try
        {
            path = _names.Take(Wanted(video), candidate => IsOthers(candidate, video));
        }
        catch (FormatException exception)
        {
            cmdlet.Report(video, ErrorRecords.Make("InvalidFileName", ErrorCategory.InvalidArgument, video, $"The video {video.Id} gets no file: {exception.Message}", null, exception));
            cmdlet.Emit(video);
            return null;
        }

        return MaySave(video, path) ? path : null;
    }

    private bool MaySave(Video video, string path) =>
        cmdlet.ShouldProcess(path, File.Exists(path) && force ? "Replace by video " + video.Id : "Save video " + video.Id);

    /// <summary>Whether a file that is there is, by the ledger, another video's: that one keeps its name, in whatever order a rerun comes to them.</summary>
    private bool IsOthers(string path, Video video)
    {
        if (!File.Exists(path) || VideoRecorder.LedgerOf(video) is not { } ledger)
        {
            return false;
        }

        try
        {
            return cmdlet.WaitFor(ledger.LookAsync(book => book.OwnerOf(path))) is { } owner && owner != video.Id;
        }
        catch (ChuiziException exception)
        {
            cmdlet.WarnOnce($"Whose files are there already cannot be told: {exception.Message}");
            return false;
        }
    }

    private string Wanted(Video video)
    {
        object? value = fileName is PSObject wrapped ? wrapped.BaseObject : fileName;
        bool isBlock = value is ScriptBlock;
        if (value is ScriptBlock block)
        {
            value = ScriptBlocks.Evaluate("FileName", block, PSObject.AsPSObject(video));
        }

        value ??= !isBlock && video.Input is { } input ? RowReader.Column(PSObject.AsPSObject(input), "FileName") : null;
        string? text = ValueReader.Text("FileName", Plain.Of(value));
        return text ?? (fileName is null ? video.Id! : throw new FormatException(isBlock ? "the script block for FileName gives nothing." : "FileName is blank."));
    }
}
