using System.Globalization;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Chuizi.Video.Module.Tests.Package;

/// <summary>The package that <c>./build.ps1 Package</c> creates from the built module.</summary>
[Trait("Speed", "Slow")]
public sealed class PackageTests(PackageFixture package) : IClassFixture<PackageFixture>
{
    private static readonly string[] s_files =
    [
        "Chuizi.Video.Client.dll",
        "Chuizi.Video.Format.ps1xml",
        "Chuizi.Video.Sandbox.dll",
        "Chuizi.Video.Types.ps1xml",
        "Chuizi.Video.dll",
        "Chuizi.Video.psd1",
        "LICENSE",
        "en-US/Chuizi.Video.dll-Help.xml",
        "en-US/about_Chuizi_Video.help.txt",
        "en-US/about_Chuizi_Video_Errors.help.txt",
    ];

    private static readonly string[] s_partsOfAnyPackage =
    [
        "[Content_Types].xml",
        "_rels/.rels",
        "Chuizi.Video.nuspec",
        "package/services/metadata/core-properties/nuget.psmdcp",
    ];

    [Fact]
    public void It_has_the_files_of_the_module_at_its_root_and_no_others()
    {
        package.Entries.ShouldBe([.. s_files.Concat(s_partsOfAnyPackage).Order(StringComparer.Ordinal)]);
        Directory
            .GetFiles(package.Module, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(package.Module, file).Replace('\\', '/'))
            .ShouldBe(s_files, ignoreOrder: true);
    }

    [Fact]
    public void Its_assemblies_depend_only_on_the_runtime_PowerShell_and_each_other()
    {
        string[] own =
        [
            .. s_files
                .Where(file => file.EndsWith(".dll", StringComparison.Ordinal))
                .Select(file => Path.GetFileNameWithoutExtension(file)),
        ];
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (string name in own)
        {
            using PEReader image = new(File.OpenRead(Path.Combine(package.Installed, name + ".dll")));
            MetadataReader reader = image.GetMetadataReader();
            reader
                .AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
                .Where(needed =>
                    needed != "System.Management.Automation"
                    && !own.Contains(needed)
                    && !File.Exists(Path.Combine(runtime, needed + ".dll")))
                .ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void It_contains_no_path_of_the_build_machine()
    {
#if DEBUG
        Assert.Skip("A debug build keeps its paths, by which debuggers and coverage find the sources.");
#endif
        string root = Path.TrimEndingDirectorySeparator(Repository.Root);
        foreach (string file in Directory.GetFiles(package.Installed, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(file);
            foreach (Encoding encoding in new[] { Encoding.UTF8, Encoding.Unicode })
            {
                bytes.AsSpan().IndexOf(encoding.GetBytes(root)).ShouldBe(-1, file);
            }
        }
    }

    [Fact]
    public void Its_metadata_match_the_manifest()
    {
        using Shell shell = new(connect: false);
        PSModuleInfo manifest = Manifest(shell);

        package.Fact("id").ShouldBe("Chuizi.Video");
        package.Fact("version").ShouldBe(manifest.Version.ToString());
        package.Fact("authors").ShouldBe(manifest.Author);
        package.Fact("description").ShouldBe(manifest.Description);
        package.Fact("copyright").ShouldBe(manifest.Copyright);
        package.Fact("releaseNotes").ShouldBe(manifest.ReleaseNotes);
        package.Fact("projectUrl").ShouldBe(manifest.ProjectUri.AbsoluteUri);
        package.Fact("licenseUrl").ShouldBe(manifest.LicenseUri.AbsoluteUri);
        package.Fact("iconUrl").ShouldBe(manifest.IconUri.AbsoluteUri);
        string[] commands = [.. manifest.ExportedCmdlets.Keys];
        package
            .Fact("tags")
            .Split(' ')
            .ShouldBe(
                [
                    "PSModule",
                    "PSIncludes_Cmdlet",
                    .. commands.Select(name => "PSCmdlet_" + name),
                    .. commands.Select(name => "PSCommand_" + name),
                    .. manifest.Tags,
                ],
                ignoreOrder: true);
        manifest.Tags.ShouldContain("PSEdition_Core");
    }

    [Fact]
    public void Its_addresses_point_to_the_project_and_the_icon_exists()
    {
        using Shell shell = new(connect: false);
        PSModuleInfo manifest = Manifest(shell);
        string project = manifest.ProjectUri.AbsoluteUri;

        manifest.LicenseUri.AbsoluteUri.ShouldBe($"{project}/blob/main/LICENSE");
        manifest.IconUri.AbsoluteUri.ShouldBe($"{project}/raw/main/docs/icon.png");
        File.ReadAllBytes(Repository.PathOf("docs", "icon.png")).AsSpan(1, 3).ToArray().ShouldBe("PNG"u8.ToArray());
    }

    [Fact]
    public void Its_release_notes_match_its_version_in_the_changelog()
    {
        using Shell shell = new(connect: false);
        PSModuleInfo manifest = Manifest(shell);
        string[] sections = File.ReadAllText(Repository.PathOf("CHANGELOG.md")).ReplaceLineEndings("\n").Split("\n## ");
        string section =
            sections.FirstOrDefault(text => text.StartsWith($"[{manifest.Version}]", StringComparison.Ordinal))
            ?? sections.Single(text => text.StartsWith("[Unreleased]", StringComparison.Ordinal));

        manifest.ReleaseNotes.ReplaceLineEndings("\n").ShouldBe(section[section.IndexOf('\n', StringComparison.Ordinal)..].Trim());
        File.ReadAllText(Repository.Module)
            .ShouldContain("ReleaseNotes = 'See CHANGELOG.md.'", customMessage: "the manifest in the clone stays short");
    }

    [Fact]
    public void The_same_module_results_in_the_same_package()
    {
        (int code, string seconds, _) = ChildProcess.IsOnPath("git")
            ? ChildProcess.Run(["git", "log", "-1", "--format=%ct"], Repository.Root)
            : new ChildResult(1, "", "");
        Assert.SkipUnless(code == 0, "Without git and a clone the entries bear the time of packing.");
        DateTime commit = DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)).DateTime;

        using ZipArchive archive = ZipFile.OpenRead(package.Nupkg);
        // A zip file stores times with a resolution of two seconds.
        archive.Entries.Select(entry => entry.LastWriteTime.DateTime).ShouldAllBe(time => time <= commit && time > commit.AddSeconds(-2));
        File.ReadAllBytes(package.Make("again")).ShouldBe(File.ReadAllBytes(package.Nupkg));
    }

    [Fact]
    public void The_extracted_package_runs_in_a_process_with_a_minimal_environment()
    {
        string folder = Directory.CreateTempSubdirectory("chuizi-bare-").FullName;
        try
        {
            File.WriteAllText(
                Path.Combine(folder, "run.ps1"),
                """
                param($Module)
                $ErrorActionPreference = 'Stop'
                Import-Module $Module
                $null = Start-ChuiziVideoSandbox -GenerationTime 0
                $video = New-ChuiziVideo 'A red kite' | Wait-ChuiziVideo -PollInterval 0.05 | Save-ChuiziVideo . -FileName kite
                Stop-ChuiziVideoSandbox
                "$($video.Status) $([IO.Path]::GetFileName($video.Path))"
                (Get-Help New-ChuiziVideo).Synopsis
                foreach ($assembly in [AppDomain]::CurrentDomain.GetAssemblies()) {
                    if ($assembly.GetName().Name -like 'Chuizi.Video*') { "from $($assembly.Location)" }
                }
                """
            );
            string[] lines = RunBare(folder, Path.Combine(package.Installed, "Chuizi.Video.psd1"));

            lines[..2].ShouldBe(["succeeded kite.mp4", "Submits videos to the Chuizi API."]);
            lines[2..]
                .ShouldBe(
                    s_files
                        .Where(file => file.EndsWith(".dll", StringComparison.Ordinal))
                        .Select(file => $"from {Path.Combine(package.Installed, file)}"),
                    ignoreOrder: true);
            new FileInfo(Path.Combine(folder, "kite.mp4")).Length.ShouldBeGreaterThan(1000);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs the script with an environment that has only the variables Windows and .NET need.</summary>
    private static string[] RunBare(string folder, string module)
    {
        ChildResult run = ChildProcess.RunScript(
            "run.ps1",
            [module],
            folder,
            start =>
            {
                foreach (
                    string name in start
                        .Environment.Keys.Except(["SystemRoot", "windir", "TEMP", "TMP", "DOTNET_ROOT"], StringComparer.OrdinalIgnoreCase)
                        .ToArray())
                {
                    start.Environment.Remove(name);
                }
            });
        run.ExitCode.ShouldBe(0, run.Text);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private PSModuleInfo Manifest(Shell shell) =>
        (PSModuleInfo)
            shell
                .Run("param($path) Test-ModuleManifest $path", ("path", Path.Combine(package.Installed, "Chuizi.Video.psd1")))
                .ShouldBeClean()
                .Output.Single()
                .BaseObject;
}
