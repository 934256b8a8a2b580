using System.Management.Automation;

namespace Chuizi.Video.EngineHost.Shims;

/// <summary>Select-Object: new objects with the named properties of the old ones; those that an object lacks are null.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
[OutputType(typeof(PSObject))]
public sealed class SelectObjectCommand : PSCmdlet
{
    /// <summary>The object to take them from.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The properties' names.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string[] Property { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        PSObject selected = new();
        foreach (string name in Property)
        {
            PSPropertyInfo? found = InputObject.Properties[name];
            selected.Properties.Add(new PSNoteProperty(found?.Name ?? name, found?.Value));
        }

        selected.TypeNames.Insert(0, $"Selected.{InputObject.TypeNames[0]}");
        WriteObject(selected);
    }
}
