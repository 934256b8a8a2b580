namespace Chuizi.Video.Module.Tests.Structure;

/// <summary>Every cmdlet has a source file, an export, a test and a help page.</summary>
public sealed class ModuleShapeTests : IDisposable
{
    private static readonly char[] s_betweenWords =
    [
        .. Enumerable.Range(0, 128).Select(code => (char)code).Where(letter => !char.IsAsciiLetter(letter) && letter != '-'),
    ];

    private readonly Shell _shell = new(connect: false);

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void The_manifest_exports_exactly_the_existing_cmdlets()
    {
        string[] listed =
        [
            .. _shell
                .Run(
                    "(Test-ModuleManifest $path).ExportedCmdlets.Keys".Replace("$path", $"'{Repository.Module}'", StringComparison.Ordinal))
                .ShouldBeClean()
                .Output.Select(item => item.ToString()!)
                .Order(),
        ];
        string[] files =
        [
            .. Directory.GetFiles(Repository.PathOf("src", "Chuizi.Video", "Commands"), "*Command.cs").Select(CmdletOf).Order(),
        ];

        listed.ShouldBe(files);
        Commands().Select(command => command.Name).Order().ShouldBe(files);
        PSModuleInfo module = (PSModuleInfo)_shell.Run("Get-Module Chuizi.Video").ShouldBeClean().Output.Single().BaseObject;
        module.ExportedVariables.ShouldBeEmpty();
        module.ExportedAliases.ShouldBeEmpty();
    }

    [Fact]
    public void The_built_folder_has_the_manifest_of_the_clone_and_only_the_module_assemblies()
    {
        string folder = Path.GetDirectoryName(Repository.Module)!;

        File.ReadAllText(Repository.Module).ShouldBe(File.ReadAllText(Repository.PathOf("Chuizi.Video.psd1")));
        Directory.GetFiles(folder, "*.dll", SearchOption.AllDirectories).Select(Path.GetFileName)
            .ShouldBe(["Chuizi.Video.Client.dll", "Chuizi.Video.Sandbox.dll", "Chuizi.Video.dll"], ignoreOrder: true);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Every_cmdlet_has_a_test_and_a_page_that_describes_every_parameter()
    {
        string tests = string.Concat(
            Directory.GetFiles(Repository.PathOf("tests", "Module.Tests", "Commands"), "*.cs").Select(File.ReadAllText));
        foreach (CmdletInfo command in Commands())
        {
            string page = File.ReadAllText(Repository.PathOf("docs", "en-US", command.Name + ".md"));
            foreach (string parameter in OwnParameters(command).Select(parameter => parameter.Name))
            {
                page.ShouldContain($"### -{parameter}\n", customMessage: $"{command.Name}'s page");
            }

            tests.Split(s_betweenWords).ShouldContain(command.Name, "a test runs it");
        }
    }

    [Fact]
    public void No_parameter_has_a_name_that_binds_from_a_property_of_strings_or_the_provider()
    {
        foreach (ParameterMetadata parameter in Commands().SelectMany(OwnParameters))
        {
            foreach (string name in parameter.Aliases.Append(parameter.Name))
            {
                name.ShouldNotBe("Length");
                name.ShouldNotBe("ReadCount");
                name.ShouldNotStartWith("PS", Case.Sensitive);
            }
        }
    }

    [Fact]
    public void No_cmdlet_prompts_by_default()
    {
        foreach (CmdletInfo command in Commands())
        {
            CmdletAttribute attribute = command
                .ImplementingType.GetCustomAttributes(typeof(CmdletAttribute), false)
                .Cast<CmdletAttribute>()
                .Single();
            ((int)attribute.ConfirmImpact).ShouldBeLessThanOrEqualTo((int)ConfirmImpact.Medium, command.Name);
            command.ImplementingType.IsSealed.ShouldBeTrue(command.Name);
        }

        foreach (string file in Directory.GetFiles(Repository.PathOf("src", "Chuizi.Video"), "*.cs", SearchOption.AllDirectories))
        {
            File.ReadAllText(file).ShouldNotContain("ShouldContinue(", customMessage: file);
        }
    }

    [Fact]
    public void Every_cmdlet_with_output_declares_its_type()
    {
        string[] silent = ["Disconnect-ChuiziVideo", "Stop-ChuiziVideoSandbox"];
        Commands().Where(command => command.OutputType.Count == 0).Select(command => command.Name).Order().ShouldBe(silent);
    }

    private static string CmdletOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path)[..^"Command".Length];
        return name.Insert(name.IndexOf("Chuizi", StringComparison.Ordinal), "-");
    }

    private static IEnumerable<ParameterMetadata> OwnParameters(CmdletInfo command) =>
        command.Parameters.Values.Where(parameter =>
            !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name));

    private CmdletInfo[] Commands() =>
        [.. _shell.Run("Get-Command -Module Chuizi.Video").ShouldBeClean().Output.Select(item => (CmdletInfo)item.BaseObject)];
}
