using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Commands;

/// <summary>Gets the connection that the cmdlets of this runspace use. Sends no request. Without a connection, emits nothing.</summary>
[Cmdlet(VerbsCommon.Get, "ChuiziVideoConnection", HelpUri = HelpPages.Folder + "Get-ChuiziVideoConnection.md")]
[OutputType(typeof(VideoConnection))]
public sealed class GetChuiziVideoConnectionCommand : VideoCmdlet
{
    internal override void End()
    {
        if (ClientIfConnected is not { } client)
        {
            return;
        }

        SpendingLimits limits;
        try
        {
            limits = SpendingLimits.Of(null, Environment.GetEnvironmentVariable);
        }
        catch (ChuiziException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception));
            throw;
        }

        ApiConnection connection = client.Connection;
        ModuleSession session = ModuleSession.Current;
        WriteObject(new VideoConnection
        {
            BaseAddress = connection.BaseAddress,
            Source = session.Connection is null ? ModuleSession.KeyVariable
                : session.SandboxAddress?.GetLeftPart(UriPartial.Authority) == connection.Origin ? "Sandbox"
                : "Connect-ChuiziVideo",
            IsSandbox = connection.IsSandbox,
            RequestsPerMinute = client.RequestsPerMinute,
            Ledger = LedgerChoice.For(this, null, connection).Path,
            MaxCost = limits.MaxCost,
            MonthlyBudget = limits.MonthlyBudget,
        });
    }
}
