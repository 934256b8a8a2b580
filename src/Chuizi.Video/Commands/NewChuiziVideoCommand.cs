using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Submitting;

namespace Chuizi.Video.Module.Commands;

/// <summary>
/// Submits videos. All input is read and validated before the first request. If a row is invalid, nothing is submitted, except with
/// -SkipInvalid.
/// </summary>
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

    internal override string? DescribeStop() => _run?.DescribeStop();

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity) => _run?.DescribeProgress(activity);
}
