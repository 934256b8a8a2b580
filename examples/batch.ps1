# Generates the videos of a list and saves them, with an exit code for a scheduler. See Get-Help Invoke-ChuiziVideoBatch.
$global:LASTEXITCODE = 1
Invoke-ChuiziVideoBatch @args
exit $LASTEXITCODE
