using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Submitting;

namespace Chuizi.Video.Module.Commands;

/// <summary>Shows what New-ChuiziVideo would do with each row of the same input. Nothing is submitted or billed.</summary>
[Cmdlet(
    VerbsDiagnostic.Test,
    "ChuiziVideo",
    DefaultParameterSetName = "Prompt",
    HelpUri = HelpPages.Folder + "Test-ChuiziVideo.md"
)]
[OutputType(typeof(VideoPlan), typeof(bool))]
public sealed class TestChuiziVideoCommand : SubmissionCmdlet
{
    internal override void Complete(SubmissionRun run, bool rowsExpected, RowReader reader) => run.Preview(rowsExpected, reader, Quiet);
}
