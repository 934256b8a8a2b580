using System.Management.Automation;
using System.Net;
using System.Security;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Commands;

/// <summary>Connects this runspace to the API. The key is checked, which is not billed.</summary>
[Cmdlet(VerbsCommunications.Connect, "ChuiziVideo", HelpUri = HelpPages.Folder + "Connect-ChuiziVideo.md")]
[OutputType(typeof(VideoAccount))]
public sealed class ConnectChuiziVideoCommand : VideoCmdlet
{
    /// <summary>The key, as a SecureString or a string. If omitted, the environment variable CHUIZI_API_KEY.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public object? ApiKey { get; set; }

    /// <summary>The base address of the API. If omitted, CHUIZI_BASE_URL or https://api.chuizi.ai/v1.</summary>
    [Parameter]
    [Alias("BaseAddress", "BaseUrl")]
    [ValidateNotNullOrEmpty]
    public string? BaseUri { get; set; }

    /// <summary>
    /// The maximum number of submissions and polls in 60 seconds with this key, in this process. A lower limit of the API still applies. 0
    /// removes an earlier limit.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int RequestsPerMinute { get; set; }

    /// <summary>Emits the account information of the key.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override void End()
    {
        ModuleSession session = ModuleSession.Current;
        ApiConnection connection = MakeConnection();
        ChuiziClient client = new(connection, new ChuiziClientOptions
        {
            Clock = ModuleSession.Current.RequestClock,
            // A prompt or the start of a runbook should fail fast, not after many retries.
            Retries = 1,
            Trace = Trace,
            TracesBodies = IsDebugging,
        });
        StartWork(async token =>
        {
            VideoAccount? account = null;
            try
            {
                account = await client.GetAccountAsync(token).ConfigureAwait(false);
            }
            catch (ChuiziException exception) when (exception.Kind is ChuiziErrorKind.RequestRejected or ChuiziErrorKind.MalformedReply)
            {
                Post(() => WriteWarning($"The API key could not be checked: {exception.Message}"));
            }

            Post(() =>
            {
                session.Connection = connection;
                if (MyInvocation.BoundParameters.ContainsKey(nameof(RequestsPerMinute)))
                {
                    client.LimitRequestsPerMinute(RequestsPerMinute > 0 ? RequestsPerMinute : null);
                }

                if (PassThru && account is not null)
                {
                    WriteObject(account);
                }
            });
        });
        Finish();
    }

    private ApiConnection MakeConnection()
    {
        try
        {
            return PlainTextKey() is { } key
                ? ApiConnection.Create(key, BaseUri ?? Environment.GetEnvironmentVariable(ModuleSession.BaseAddressVariable))
                : ModuleSession.FromEnvironment(BaseUri);
        }
        catch (ChuiziException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception));
            throw;
        }
    }

    private string? PlainTextKey()
    {
        object? given = ApiKey is PSObject wrapped ? wrapped.BaseObject : ApiKey;
        return given switch
        {
            null => null,
            string text => text,
            SecureString secure => new NetworkCredential("", secure).Password,
            PSCredential credential => credential.GetNetworkCredential().Password,
            _ => throw new PSArgumentException(
                $"ApiKey must be a SecureString, a string or a credential, but got {given.GetType().Name}.",
                nameof(ApiKey)),
        };
    }
}
