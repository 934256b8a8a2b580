using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Commands;

/// <summary>Shows the balance and the limits of the key. The request is not billed.</summary>
[Cmdlet(VerbsCommon.Get, "ChuiziVideoAccount", HelpUri = HelpPages.Folder + "Get-ChuiziVideoAccount.md")]
[OutputType(typeof(VideoAccount))]
public sealed class GetChuiziVideoAccountCommand : VideoCmdlet
{
    internal override void End()
    {
        ChuiziClient client = Client;
        StartWork(async token =>
        {
            VideoAccount account = await client.GetAccountAsync(token).ConfigureAwait(false);
            Post(() => WriteObject(account));
        });
        Finish();
    }
}
