using System.Management.Automation;

namespace Chuizi.Video.EmptyModule;

/// <summary>The only cmdlet of a minimal binary module, which shows the least that an import can cost.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet
{
}
