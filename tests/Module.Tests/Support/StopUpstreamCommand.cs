using System.Reflection;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>What Select-Object -First does, which the bare engine lacks: passes some objects and stops all commands before it.</summary>
[Cmdlet("Stop", "Upstream")]
public sealed class StopUpstreamCommand : PSCmdlet
{
    private int _passed;

    [Parameter(Mandatory = true, Position = 0)]
    public int After { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        if (++_passed == After)
        {
            // The engine keeps this exception to itself.
            Type type = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
            throw (Exception)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [this], null)!;
        }
    }
}
