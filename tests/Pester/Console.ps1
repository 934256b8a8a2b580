# Runs scripts one after another, each in its own runspace, so that a test which needs a console does not have to start a process.
# Each input line is JSON: the script, its folder, environment variables, and the text that marks the end of its output.
$startFolder = [Environment]::CurrentDirectory
[Console]::SetError([Console]::Out)
while ($line = [Console]::In.ReadLine()) {
    $run = $line | ConvertFrom-Json -AsHashtable
    $before = @{}
    foreach ($name in $run.Environment.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $run.Environment[$name])
    }

    [Environment]::CurrentDirectory = $run.Folder
    $runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    $code = 0
    try {
        $null = $shell.AddScript('param($script, $folder) Set-Location -LiteralPath $folder; . ([scriptblock]::Create($script))').AddArgument($run.Script).AddArgument($run.Folder)
        $null = $shell.AddCommand('Out-Default')
        $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
        $null = $shell.Invoke()
        $code = $runspace.SessionStateProxy.GetVariable('LASTEXITCODE') ?? 0
    }
    catch {
        # A terminating error ends a process with exit code 1.
        $Host.UI.WriteErrorLine("$($_.Exception.InnerException.ErrorRecord ?? $_)")
        $code = 1
    }
    finally {
        $shell.Dispose()
        $runspace.Dispose()
        # Windows cannot delete the current folder of a process.
        [Environment]::CurrentDirectory = $startFolder
        $before.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $before[$_]) }
    }

    [Console]::Out.WriteLine("$($run.End) $code")
}
