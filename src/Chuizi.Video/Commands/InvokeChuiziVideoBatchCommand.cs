using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Batch;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Commands;

/// <summary>
/// Generates all videos of a list and saves them, with a ledger and a log beside the list and an exit code for a scheduler. Run it again to
/// complete the remaining rows.
/// </summary>
[Cmdlet(
    VerbsLifecycle.Invoke, "ChuiziVideoBatch", SupportsShouldProcess = true, HelpUri = HelpPages.Folder + "Invoke-ChuiziVideoBatch.md")]
[OutputType(typeof(VideoSummary))]
public sealed class InvokeChuiziVideoBatchCommand : AsyncCmdlet
{
    // In a long list, a video may have to wait long for its first poll. So the limit is for the run, not for a single video.
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private BatchRun? _run;

    /// <summary>The list: .csv, .tsv, .json or .jsonl. Paths of images in it are relative to it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListPathCompleter))]
    public string Path { get; set; } = "";

    /// <summary>The folder for the MP4 files. It is created if it does not exist.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string Destination { get; set; } = "videos";

    /// <summary>The ledger. The default is the path of the list with .ledger.jsonl.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string? Ledger { get; set; }

    /// <summary>
    /// Gives access to a ledger whose URL has no signature: a token as a SecureString, or a script block that returns one, such as
    /// <c>{ Get-AzAccessToken -ResourceUrl https://storage.azure.com/ }</c>. The script block runs again before a token expires.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? LedgerCredential { get; set; }

    /// <summary>The log file, to which each run is appended. The default is the path of the list with .log.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>The encoding of the list, if it is neither UTF-8 nor has a byte order mark.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Encoding { get; set; }

    /// <summary>The spending limit in USD for all runs with the ledger.</summary>
    [Parameter]
    [Amount]
    [ValidateRange(0, 1_000_000_000)]
    public decimal MaxCost { get; set; }

    /// <summary>How long the run may take: seconds, a TimeSpan, or the time when it ends. The next run completes the rest.</summary>
    [Parameter]
    [Deadline]
    public TimeSpan Deadline { get; set; }

    /// <summary>Replaces files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Ends the session with the exit code.</summary>
    [Parameter]
    public SwitchParameter Exit { get; set; }

    /// <summary>Shows nothing but warnings, errors and the summary.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Whatever ends the call, a script that ends with "exit $LASTEXITCODE" must not report success.
        SetExitCode(BatchRun.NothingCame);
        string list = Resolve(Path);
        string ledger = Ledger is null ? LedgerBeside(list) : LedgerAddress.Of(Ledger) is not null ? Ledger : Resolve(Ledger);
        BatchLog log = Open(LogPath is null ? $"{list}.log" : Resolve(LogPath));
        bool isPlain = Console.IsOutputRedirected || Console.IsErrorRedirected;
        using PlainRendering? rendering = isPlain ? new(InvokeCommand) : null;
        try
        {
            using BatchRun run = new(this, log, Quiet);
            Volatile.Write(ref _run, run);
            if (StopToken.IsCancellationRequested)
            {
                // Ctrl+C before there was a pipeline to stop.
                throw new PipelineStoppedException();
            }

            log.Write("INFO", string.Create(CultureInfo.InvariantCulture, $"Started: {MyInvocation.MyCommand.Name} {list}"));
            VideoSummary summary = Run(run, list, ledger);
            log.Write(summary.ExitCode == 0 ? "INFO" : "WARNING", $"Ended with exit code {summary.ExitCode}: {summary}");
            SetExitCode(summary.ExitCode);
            WriteObject(summary);
        }
        finally
        {
            Volatile.Write(ref _run, null);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // First the token, so that a run that begins at the same moment sees it.
        base.StopProcessing();
        Volatile.Read(ref _run)?.Stop();
    }

    private void SetExitCode(int code)
    {
        SessionState.PSVariable.Set("global:LASTEXITCODE", code);
        if (Exit)
        {
            Host.SetShouldExit(code);
        }
    }

    private VideoSummary Run(BatchRun run, string list, string ledger)
    {
        Dictionary<string, object> bound = MyInvocation.BoundParameters;
        bool hasDeadline = bound.ContainsKey(nameof(Deadline));
        bool isTrial = IsWhatIf;
        object? deadline = hasDeadline ? Deadline : null;
        run.Add("New-ChuiziVideo", typeof(NewChuiziVideoCommand),
        [
            ("Path", list),
            ("Encoding", Encoding),
            ("Ledger", ledger),
            ("LedgerCredential", LedgerCredential),
            ("MaxCost", bound.ContainsKey(nameof(MaxCost)) ? MaxCost : null),
            // Limits both submitting, which takes long if the key has a low request limit, and waiting.
            ("Deadline", deadline),
            ("Quiet", Quiet),
            ("Confirm", bound.GetValueOrDefault("Confirm")),
            ("WhatIf", bound.GetValueOrDefault("WhatIf")),
        ]);
        if (!isTrial)
        {
            run.Add("Wait-ChuiziVideo", typeof(WaitChuiziVideoCommand),
                [("Deadline", deadline), ("Timeout", hasDeadline ? Deadline : s_day), ("Quiet", SwitchParameter.Present)]);
            run.Add("Save-ChuiziVideo", typeof(SaveChuiziVideoCommand),
                [("Destination", Resolve(Destination)), ("Force", Force), ("Summary", SwitchParameter.Present)]);
        }

        return run.Run();
    }

    /// <summary>The default ledger. Refuses while the rows are in the ledgers of parts, because they would be submitted again.</summary>
    private string LedgerBeside(string list)
    {
        string ledger = $"{list}.ledger.jsonl";
        IReadOnlyList<string> parts = PartLedgers.Beside(list);
        if (parts.Count > 0)
        {
            string names = string.Join(", ", parts.Select(System.IO.Path.GetFileName));
            ThrowTerminatingError(ErrorRecords.Make(
                "UnmergedLedgers",
                ErrorCategory.InvalidOperation,
                parts,
                $"The rows of '{Path}' are in the ledgers of its parts ({names}), which are no longer used. Nothing was submitted.",
                $"When no run uses them any more, merge them: {PartLedgers.MergeCommand(parts, ledger)}"));
        }

        return ledger;
    }

    private BatchLog Open(string path)
    {
        try
        {
            return new BatchLog(path, ModuleSession.Current.Clock);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Refuse("CannotWrite", $"The log '{path}' cannot be written: {exception.Message} Nothing was submitted.");
            throw;
        }
    }

    private string Resolve(string path)
    {
        try
        {
            return FilePaths.Resolve(this, path);
        }
        catch (IOException exception)
        {
            Refuse("InvalidList", $"The path '{path}' cannot be used: {exception.Message} Nothing was submitted.");
            throw;
        }
    }

    private void Refuse(string id, string message) =>
        ThrowTerminatingError(ErrorRecords.Make(id, ErrorCategory.InvalidArgument, null, message));
}
