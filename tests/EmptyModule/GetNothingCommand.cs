using System.Management.Automation;

namespace Chuizi.Video.EmptyModule;

/// <summary>The least that a binary module can hold: what an import costs anybody.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet
{
}
