using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;

namespace Chuizi.Video.Module.Commands;

/// <summary>Lists the models in the catalog; with -Online also those that only the API lists, and prices.</summary>
[Cmdlet(VerbsCommon.Get, "ChuiziVideoModel", HelpUri = HelpPages.Folder + "Get-ChuiziVideoModel.md")]
[OutputType(typeof(VideoModel))]
public sealed class GetChuiziVideoModelCommand : VideoCmdlet
{
    private IReadOnlyList<VideoModel> _models = [];

    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Model")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CatalogueCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Providers; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CatalogueCompleter))]
    public string[] Provider { get; set; } = ["*"];

    /// <summary>Types: text-to-video, image-to-video, reference-to-video, video-edit; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CatalogueCompleter))]
    public string[] Type { get; set; } = ["*"];

    /// <summary>Asks the API which models it lists, and for their prices, and marks what is new, gone, dearer or cheaper.</summary>
    [Parameter]
    public SwitchParameter Online { get; set; }

    internal override void Begin()
    {
        _models = ModelCatalogue.Copy();
        if (Online)
        {
            ChuiziClient client = Client;
            IReadOnlyList<string> ledgers = LedgerChoice.ForLookup(this, client.Connection);
            StartWork(async token => _models = ModelListChanges.Mark(
                await client.GetModelsAsync(token).ConfigureAwait(false),
                LedgerListing.ReadPrices(ledgers, token),
                client.Connection.Origin));
            Finish();
        }
    }

    internal override void Process()
    {
        foreach (string name in Name)
        {
            bool found = false;
            foreach (
                VideoModel model in _models.Where(model =>
                    (Matches([name], model.Name) || Matches([name], DisplayText.ShortModel(model.Name)))
                    && Matches(Provider, model.Provider)
                    && Matches(Type, model.Type)))
            {
                found = true;
                WriteObject(model);
            }

            if (!found && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                string why = ModelCatalogue.Find(name) is not null
                    ? "does not match the specified -Provider or -Type."
                    : $"is not in the model catalog.{ModelCatalogue.Suggest(name)}";
                WriteError(ErrorRecords.Make("ModelNotFound", ErrorCategory.ObjectNotFound, name, $"The model '{name}' {why}"));
            }
        }
    }

    private static bool Matches(string[] patterns, string value) =>
        patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(value));
}
