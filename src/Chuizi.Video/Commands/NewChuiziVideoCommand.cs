using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Submitting;

namespace Chuizi.Video.Module.Commands;

/// <summary>Submits videos. All input is read and validated before the first request. If a row is invalid, nothing is submitted.</summary>
[Cmdlet(
    VerbsCommon.New,
    "ChuiziVideo",
    DefaultParameterSetName = "Prompt",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Folder + "New-ChuiziVideo.md"
)]
[OutputType(typeof(Video))]
public sealed class NewChuiziVideoCommand : SubmissionCmdlet
{
    private SubmissionRun? _run;

    internal override void Complete(SubmissionRun run, bool rowsExpected, RowReader reader)
    {
        _run = run;
        run.Run(rowsExpected, reader);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // The message comes first, because the prompt may return as soon as the work is canceled.
        WarnOnStop(_run?.DescribeStop());
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity) => _run?.DescribeProgress(activity);
}
