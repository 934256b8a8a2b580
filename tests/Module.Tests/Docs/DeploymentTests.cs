using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>
/// Checks that the manifests in examples/ are valid for the systems that read them, and that their scripts call existing commands.
/// </summary>
public sealed partial class DeploymentTests : IDisposable
{
    private readonly Shell _shell = new(connect: false);

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_Kubernetes_job_has_equal_pods_and_retries_all_failures_but_exit_code_3()
    {
        YamlNode job = Yaml.Read("examples/kubernetes-job.yaml");
        (job.Text("apiVersion"), job.Text("kind")).ShouldBe(("batch/v1", "Job"));
        Number(job.Text("spec/parallelism")).ShouldBeGreaterThan(1);
        Number(job.Text("spec/backoffLimit")).ShouldBeGreaterThan(0);
        // With one of these, a pod would have an index, or the job would wait for more pods than one that has seen the list done.
        ((YamlMappingNode)job.At("spec")).Children.Keys.Select(key => key.ToString())
            .ShouldNotContain(key => key.StartsWith("completion", StringComparison.Ordinal));
        // Rules for exit codes require this restart policy.
        job.Text("spec/template/spec/restartPolicy").ShouldBe("Never");
        Number(job.Text("spec/template/spec/terminationGracePeriodSeconds")).ShouldBeGreaterThan(10);

        YamlNode container = job.Items("spec/template/spec/containers").ShouldHaveSingleItem();
        YamlNode failJob = job.Items("spec/podFailurePolicy/rules").Single(rule => rule.Text("action") == "FailJob");
        failJob.Text("onExitCodes/containerName").ShouldBe(container.Text("name"));
        failJob.Texts("onExitCodes/values").ShouldBe(["3"], "2 is to be tried again, and 0 is no failure");
        container.Items("envFrom").ShouldHaveSingleItem().Text("secretRef/name").ShouldNotBeEmpty();
        string volume = container.Items("volumeMounts").ShouldHaveSingleItem().Text("name");
        job.Items("spec/template/spec/volumes")
            .Single(item => item.Text("name") == volume)
            .Text("persistentVolumeClaim/claimName")
            .ShouldNotBeEmpty();

        // The list, the videos and the logs are relative to the volume.
        container.Text("workingDir").ShouldBe(container.Text("volumeMounts/0/mountPath"));
        container.Texts("command").ShouldBe(["pwsh", "-NoProfile", "-NonInteractive", "-Command"]);
        string script = container.Texts("args").ShouldHaveSingleItem();
        script.TrimEnd().ShouldEndWith("exit $LASTEXITCODE");
        CheckScript(script).ShouldBeLessThan(TimeSpan.FromSeconds(Number(job.Text("spec/activeDeadlineSeconds"))));
    }

    [Fact]
    public void The_GitHub_workflow_has_equal_jobs_that_share_a_ledger()
    {
        YamlNode workflow = Yaml.Read("examples/github-matrix.yml");
        YamlNode worker = workflow.At("jobs/worker");
        worker.Texts("strategy/matrix/worker").Length.ShouldBeGreaterThan(1);
        worker.Text("strategy/fail-fast").ShouldBe("false");

        IReadOnlyList<YamlNode> steps = worker.Items("steps");
        YamlNode upload = steps.Single(step =>
            Has(step, "uses") && step.Text("uses").StartsWith("actions/upload-artifact@", StringComparison.Ordinal));
        upload.Text("if").ShouldBe("always()");
        upload.Text("with/name").ShouldContain("matrix.worker", Case.Sensitive, "two artifacts cannot have one name");
        YamlNode make = steps.Single(step => Has(step, "run"));
        (make.Text("shell"), make.Text("env/CHUIZI_API_KEY")).ShouldBe(("pwsh", "${{ secrets.CHUIZI_API_KEY }}"));
        make.Text("env/LEDGER").ShouldStartWith("${{ secrets.", Case.Sensitive, "its URL has a signature");
        make.Text("run").ShouldNotContain("${{", Case.Sensitive, "what is put into a script is not checked by anybody");
        CheckScript(make.Text("run")).ShouldBeLessThan(TimeSpan.FromMinutes(Number(worker.Text("timeout-minutes")) - 10));
    }

    [Fact]
    public void The_Slurm_script_has_equal_tasks_and_allows_the_run_enough_time()
    {
        string script = File.ReadAllText(Repository.PathOf("examples", "slurm-array.sh"));
        script.ShouldStartWith("#!/bin/bash\n");
        script.ShouldNotContain("$SLURM_ARRAY");
        string[] options = [.. SlurmOption().Matches(script).Select(match => match.Groups["it"].Value)];
        options.ShouldContain("requeue");
        options.ShouldContain(option => option.StartsWith("array=1-", StringComparison.Ordinal));
        TimeSpan limit = TimeSpan.Parse(
            options.Single(option => option.StartsWith("time=", StringComparison.Ordinal))["time=".Length..], CultureInfo.InvariantCulture);
        CheckScript(FileArgument(script).Replace("\"$LEDGER\"", "$env:LEDGER", StringComparison.Ordinal))
            .ShouldBeLessThan(limit - TimeSpan.FromMinutes(5));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_transient_systemd_units_of_the_guide_restart_after_all_failures_but_exit_code_3()
    {
        string block = DocFile.Of("docs/guides/scale-out.md").Blocks
            .Single(block => block.Text.Contains("systemd-run", StringComparison.Ordinal)).Text;
        CheckScript(FileArgument(block)).ShouldBeGreaterThan(TimeSpan.Zero);
        string unit = string.Join('\n', UnitProperty().Matches(block).Select(match => match.Groups["it"].Value));
        Setting(unit, "Restart").ShouldBe("on-failure");
        Setting(unit, "RestartPreventExitStatus").ShouldBe("3");
        Number(Setting(unit, "TimeoutStopSec").TrimEnd('s')).ShouldBeGreaterThan(10);
        Verify("worker.service", $"[Service]\nExecStart=/bin/sh\n{unit}\n");
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public void The_systemd_units_are_valid_and_allow_the_script_enough_time()
    {
        string service = File.ReadAllText(Repository.PathOf("examples", "chuizi-video.service"));
        CheckScript(FileArgument(Setting(service, "ExecStart")))
            .ShouldBeLessThan(
                TimeSpan.FromMinutes(Number(Setting(service, "TimeoutStartSec").Replace("min", "", StringComparison.Ordinal)) - 5));
        Setting(service, "SuccessExitStatus").ShouldBe("2");
        Number(Setting(service, "TimeoutStopSec").TrimEnd('s')).ShouldBeGreaterThan(10);

        // systemd-analyze requires that the program to start exists.
        Verify("chuizi-video.service", service.Replace("/usr/bin/pwsh", "/bin/sh", StringComparison.Ordinal));
        Verify("chuizi-video.timer", File.ReadAllText(Repository.PathOf("examples", "chuizi-video.timer")));
    }

    private void Verify(string name, string unit)
    {
        Assert.SkipUnless(
            ChildProcess.IsOnPath("systemd-analyze"),
            "The units were read, and not verified: systemd-analyze is not installed.");
        string path = Path.Combine(_shell.Folder, name);
        File.WriteAllText(path, unit);
        ChildResult run = ChildProcess.Run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", path], _shell.Folder);
        run.ExitCode.ShouldBe(0, run.Text);
        run.Errors.Split('\n').ShouldNotContain(line => line.Contains(_shell.Folder, StringComparison.Ordinal), run.Text);
    }

    private static bool Has(YamlNode node, string key) => ((YamlMappingNode)node).Children.ContainsKey(key);

    private static string Setting(string unit, string name) =>
        Regex.Match(unit, $"^{name}=(.*)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups[1].Value.Trim();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>What a shell command passes to <c>pwsh -File</c>, as a PowerShell command.</summary>
    private static string FileArgument(string command) => "./" + FileToRun().Match(command).Groups["it"].Value;

    /// <summary>
    /// Checks that a script parses, uses existing cmdlets and parameters, and calls examples/batch.ps1 once. Returns its deadline.
    /// </summary>
    private TimeSpan CheckScript(string script)
    {
        ScriptCommands commands = new(script);
        commands.Mistakes.ShouldBeEmpty();
        commands.Unknown(Module()).ShouldBeEmpty();
        string[] known =
        [
            .. _shell
                .Run("(Get-Command Invoke-ChuiziVideoBatch).Parameters.Keys")
                .ShouldBeClean()
                .Output.Select(name => name.ToString()!),
        ];
        commands.ParametersOf("batch.ps1").ShouldBeSubsetOf(known);
        string call = script.Split('\n').Single(line => line.Contains("batch.ps1", StringComparison.Ordinal));
        return TimeSpan.Parse(DeadlineOf().Match(call).Groups["it"].Value, CultureInfo.InvariantCulture);
    }

    private Dictionary<string, CmdletInfo> Module() => _shell.Run("Get-Command -Module Chuizi.Video").ShouldBeClean().Output
        .Select(item => (CmdletInfo)item.BaseObject).ToDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"-Deadline (?<it>[\d:]+)", RegexOptions.NonBacktracking)]
    private static partial Regex DeadlineOf();

    [GeneratedRegex(@"-File (?<it>batch\.ps1 .*)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex FileToRun();

    [GeneratedRegex(@"^#SBATCH --(?<it>\S+)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex SlurmOption();

    [GeneratedRegex(@"(?:-p|--property) (?<it>\w+=\S+)", RegexOptions.NonBacktracking)]
    private static partial Regex UnitProperty();
}
