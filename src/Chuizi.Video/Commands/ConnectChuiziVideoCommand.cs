using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Commands;

/// <summary>Connects this runspace to the API. The key is checked, which is not billed.</summary>
[Cmdlet(VerbsCommunications.Connect, "ChuiziVideo", HelpUri = HelpPages.Folder + "Connect-ChuiziVideo.md")]
[OutputType(typeof(VideoAccount))]
public sealed class ConnectChuiziVideoCommand : VideoCmdlet
{
    /// <summary>
    /// The key, as a SecureString, a string or a credential with the key as its password. If omitted, the environment variable
    /// CHUIZI_API_KEY; if that is not set either, a console asks for the key.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public object? ApiKey { get; set; }

    /// <summary>The base address of the API. If omitted, CHUIZI_BASE_URL or https://api.chuizi.ai/v1.</summary>
    [Parameter]
    [Alias("BaseAddress", "BaseUrl")]
    [ValidateNotNullOrEmpty]
    public string? BaseUri { get; set; }

    /// <summary>
    /// The maximum number of submissions and polls in 60 seconds with this key, for all processes of the user on this machine. A lower
    /// limit of the API still applies. 0 removes an earlier limit.
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
        // First, because PSReadLine has written the line already, whether the key is good or not.
        if (ApiKeyInput.MaskInHistory(this, ApiKey))
        {
            WriteWarning(
                "The API key was part of the command line. It has been masked in the history file, but this session still shows it with "
                + "the up arrow. Run Connect-ChuiziVideo without a key: it asks for it.");
        }

        ApiConnection connection = MakeConnection();
        ChuiziClient client = new(connection, new ChuiziClientOptions
        {
            Clock = ModuleSession.Current.RequestClock,
            // The first client of a key decides whether its limit is shared with other processes.
            StateFolder = DefaultLedger.StateFolder,
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
                else if (!PassThru && ProgressDisplay.IsConsole(Host))
                {
                    WriteLine(Describe(connection, account), "Chuizi.Video.Connection", shows: true);
                }
            });
        });
        Finish();
    }

    private static string Describe(ApiConnection connection, VideoAccount? account)
    {
        string?[] facts =
        [
            account?.Balance is { } balance ? $"balance {DisplayText.Cost(balance)}" : null,
            account?.RequestsPerMinute is { } limit ? string.Create(CultureInfo.CurrentCulture, $"{limit} requests per minute") : null,
            connection.IsSandbox ? "a sandbox, nothing is billed" : null,
        ];
        string known = string.Join(", ", facts.OfType<string>());
        return $"Connected to {connection.BaseAddress}{(known.Length > 0 ? $": {known}" : "")}.";
    }

    private ApiConnection MakeConnection()
    {
        try
        {
            return (ApiKeyInput.PlainText(ApiKey) ?? (ProgressDisplay.IsConsole(Host) ? ApiKeyInput.Ask(Host) : null)) is { } key
                ? ApiConnection.Create(key, BaseUri ?? Environment.GetEnvironmentVariable(ModuleSession.BaseAddressVariable))
                : ModuleSession.FromEnvironment(BaseUri);
        }
        catch (ChuiziException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception));
            throw;
        }
    }
}
